// Model: makes two neighbouring windows of a worker one, so that a long recording stays bounded: its past gets
// coarser, its sums stay exact.

import type {
  CellRow,
  GcRow,
  HeapKept,
  HeapKeptRow,
  HeapSizeRow,
  OwnFigures,
  PoolFigures,
  ProcessFigures,
  RequestRow,
  SampleRow,
  ThreadClassRow,
  ThreadFigures,
  WaitRow,
} from "../protocol/window.ts";
import { restBetween } from "./measuredTime.ts";
import type { ProfileWindow } from "./profile.ts";
import { mergeRoutes } from "./routeRows.ts";
import { mergePools } from "./threadPool.ts";

/** A pass that leaves more of the windows has found too few neighbours. */
const LEAST_GAIN = 0.75;

/**
 * Neighbours pairwise, in order; a pair on both sides of `boundaryMicros` (the end of the warm-up) stays apart,
 * for a window belongs wholly to one side.
 */
export function coalesce(windows: readonly ProfileWindow[], boundaryMicros: number): ProfileWindow[] {
  const joined = coalesceWhere(windows, boundaryMicros, (a, b) => restBetween(a, b) === 0);
  // Each a spell of its own: then over their rests, too.
  return joined.length > windows.length * LEAST_GAIN
    ? coalesceWhere(windows, boundaryMicros, () => true)
    : joined;
}

function coalesceWhere(
  windows: readonly ProfileWindow[],
  boundaryMicros: number,
  mayJoin: (a: ProfileWindow, b: ProfileWindow) => boolean,
): ProfileWindow[] {
  const merged: ProfileWindow[] = [];
  for (let i = 0; i < windows.length; i++) {
    const first = windows[i] as ProfileWindow;
    const second = windows[i + 1];
    const apart =
      second === undefined ||
      !mayJoin(first, second) ||
      first.endMicros <= boundaryMicros !== second.endMicros <= boundaryMicros;
    merged.push(apart ? first : mergeWindows(first, second));
    if (!apart) i++;
  }
  return merged;
}

export function mergeWindows(a: ProfileWindow, b: ProfileWindow): ProfileWindow {
  const rest = restBetween(a, b) + (a.restMicros ?? 0) + (b.restMicros ?? 0);
  return {
    worker: a.worker,
    startMicros: Math.min(a.startMicros, b.startMicros),
    endMicros: Math.max(a.endMicros, b.endMicros),
    ...(rest > 0 ? { restMicros: rest } : {}),
    cells: mergeCells(a.cells, b.cells),
    samples: mergeSamples(a.samples, b.samples),
    ...(a.waits || b.waits ? { waits: mergeWaits(a.waits ?? [], b.waits ?? []) } : {}),
    ...mergeHeapSizes(a.heapSizes, b.heapSizes),
    ...mergeKept(a.heapKept, b.heapKept),
    requests: mergeRequests(a.requests, b.requests),
    ...mergeRoutes(a, b),
    thread: mergeThread(a.thread, b.thread),
    process: mergeProcess(a.process, b.process),
    ...(a.pool || b.pool ? { pool: mergePools(a.pool, b.pool) as PoolFigures } : {}),
    gc: mergeGc(a.gc, b.gc),
    own: mergeOwn(a.own, b.own),
  };
}

function mergeCells(a: readonly CellRow[], b: readonly CellRow[]): CellRow[] {
  const sums = new Map<number, CellRow>();
  for (const rows of [a, b])
    for (const row of rows) {
      const key = row[0] * 64 + row[1];
      const known = sums.get(key);
      sums.set(key, known === undefined ? row : mergeCell(known, row));
    }
  return [...sums.values()];
}

/** By index: of a live session all cells are joined again and again. */
function mergeCell(a: CellRow, b: CellRow): CellRow {
  const timed = (a[4] ?? 0) + (b[4] ?? 0);
  if (timed === 0) return [a[0], a[1], a[2] + b[2], a[3] + b[3]];
  return [a[0], a[1], a[2] + b[2], a[3] + b[3], timed, (a[5] ?? 0) + (b[5] ?? 0)];
}

/** Rows of whatever stands in the holder's place. */
export function mergeSamples(a: readonly SampleRow[], b: readonly SampleRow[]): SampleRow[] {
  const sums = new Map<string, SampleRow>();
  for (const row of [...a, ...b]) {
    const [operation, sizeClass, stack, holder, samples, count, amount] = row;
    const key = `${operation},${sizeClass},${stack},${holder}`;
    const known = sums.get(key);
    if (known === undefined) {
      sums.set(key, row);
      continue;
    }
    const whole = known[6] + amount;
    const squares = squaresOf(known) + squaresOf(row);
    sums.set(key, [
      operation,
      sizeClass,
      stack,
      holder,
      known[4] + samples,
      known[5] + count,
      whole,
      squares > 0 ? (whole * whole) / squares : known[4] + samples,
    ]);
  }
  return [...sums.values()];
}

/** The sum of the squares of its samples' amounts. */
export function squaresOf(row: SampleRow): number {
  const amount = row[6];
  const effective = row[7] ?? row[4];
  return effective > 0 ? (amount * amount) / effective : 0;
}

function mergeWaits(a: readonly WaitRow[], b: readonly WaitRow[]): WaitRow[] {
  const sums = new Map<string, WaitRow>();
  for (const row of [...a, ...b]) {
    const id = row.slice(0, 4).join(",");
    const known = sums.get(id);
    sums.set(id, known === undefined ? row : mergeWait(known, row));
  }
  return [...sums.values()];
}

function mergeWait(a: WaitRow, b: WaitRow): WaitRow {
  const [operation, stack, key, releaser, amount, queued, length, longest, held = 0, longestHeld = 0] = b;
  const sum = [
    operation,
    stack,
    key,
    releaser,
    a[4] + amount,
    a[5] + queued,
    a[6] + length,
    Math.max(a[7], longest),
  ] as const;
  if (a[8] === undefined && b[8] === undefined) return sum;
  return [...sum, (a[8] ?? 0) + held, Math.max(a[9] ?? 0, longestHeld)];
}

type HeapSizes = ProfileWindow["heapSizes"];

function mergeHeapSizes(a: HeapSizes, b: HeapSizes): Pick<ProfileWindow, "heapSizes"> {
  if (a === undefined && b === undefined) return {};
  const sums = new Map<string, HeapSizeRow>();
  for (const row of [...(a ?? []), ...(b ?? [])]) {
    const [stack, interval, told, samples, builtIn] = row;
    const key = `${stack},${interval},${told},${builtIn}`;
    const known = sums.get(key);
    sums.set(key, known === undefined ? row : [stack, interval, told, known[3] + samples, builtIn]);
  }
  return { heapSizes: [...sums.values()] };
}

function mergeKept(a: HeapKept | undefined, b: HeapKept | undefined): Pick<ProfileWindow, "heapKept"> {
  if (a === undefined || b === undefined) {
    const heapKept = a ?? b;
    return heapKept === undefined ? {} : { heapKept };
  }
  const sums = new Map<number, HeapKeptRow>();
  for (const row of [...a[1], ...b[1]]) {
    const [stack, samples, bytes] = row;
    const known = sums.get(stack);
    sums.set(stack, known === undefined ? row : [stack, known[1] + samples, known[2] + bytes]);
  }
  return { heapKept: [a[0] + b[0], [...sums.values()]] };
}

function mergeRequests(a: readonly RequestRow[], b: readonly RequestRow[]): RequestRow[] {
  const sums = new Map<number, RequestSum>();
  for (const [route, count, micros, buckets, loopWaits = 0, loopMicros = 0, untimed = 0] of [...a, ...b]) {
    const sum = sums.get(route) ?? {
      count: 0,
      micros: 0,
      buckets: new Map(),
      loopWaits: 0,
      loopMicros: 0,
      untimed: 0,
    };
    sum.untimed += untimed;
    sum.count += count;
    sum.micros += micros;
    sum.loopWaits += loopWaits;
    sum.loopMicros += loopMicros;
    for (const [bucket, entries] of buckets)
      sum.buckets.set(bucket, (sum.buckets.get(bucket) ?? 0) + entries);
    sums.set(route, sum);
  }
  return [...sums].map(([route, { count, micros, buckets, loopWaits, loopMicros, untimed }]) => {
    const row = [route, count, micros, [...buckets]] as const;
    if (untimed > 0) return [...row, loopWaits, loopMicros, untimed];
    return loopWaits > 0 ? [...row, loopWaits, loopMicros] : row;
  });
}
interface RequestSum {
  count: number;
  micros: number;
  readonly buckets: Map<number, number>;
  loopWaits: number;
  loopMicros: number;
  untimed: number;
}

/** Unavailable in one of them is unavailable in both: half a sum would look like a whole one. */
function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function mergeThread(a: ThreadFigures, b: ThreadFigures): ThreadFigures {
  return {
    voluntary: sum(a.voluntary, b.voluntary),
    involuntary: sum(a.involuntary, b.involuntary),
    runQueueMicros: sum(a.runQueueMicros, b.runQueueMicros),
    cpuMicros: sum(a.cpuMicros, b.cpuMicros),
    loopActiveMicros: a.loopActiveMicros + b.loopActiveMicros,
    loopIterations: sum(a.loopIterations, b.loopIterations),
    loopEvents: sum(a.loopEvents, b.loopEvents),
    loopEventsWaiting: sum(a.loopEventsWaiting ?? null, b.loopEventsWaiting ?? null),
    allocatedBytes: sum(a.allocatedBytes, b.allocatedBytes),
    ...mergeUncounted(a.uncountedOffHeapBytes, b.uncountedOffHeapBytes),
  };
}

function mergeUncounted(
  a: number | undefined,
  b: number | undefined,
): Pick<ThreadFigures, "uncountedOffHeapBytes"> {
  return a === undefined && b === undefined ? {} : { uncountedOffHeapBytes: (a ?? 0) + (b ?? 0) };
}

function mergeProcess(a: ProcessFigures | null, b: ProcessFigures | null): ProcessFigures | null {
  if (a === null || b === null) return b ?? a;
  const threads = new Map<string, ThreadClassRow>();
  for (const row of [...a.threads, ...b.threads]) {
    const known = threads.get(row[0]);
    threads.set(
      row[0],
      known === undefined
        ? row
        : [row[0], Math.max(known[1], row[1]), known[2] + row[2], known[3] + row[3], known[4] + row[4]],
    );
  }
  return {
    ...b,
    cpuMicros: a.cpuMicros + b.cpuMicros,
    ...(a.accepted === undefined || b.accepted === undefined ? {} : { accepted: a.accepted + b.accepted }),
    threads: [...threads.values()],
  };
}

function mergeGc(a: readonly GcRow[], b: readonly GcRow[]): GcRow[] {
  const sums = new Map<string, GcRow>();
  for (const row of [...a, ...b]) {
    const known = sums.get(row[0]);
    sums.set(row[0], known === undefined ? row : [row[0], known[1] + row[1], known[2] + row[2]]);
  }
  return [...sums.values()];
}

function mergeOwn(a: OwnFigures, b: OwnFigures): OwnFigures {
  return {
    stackMicros: a.stackMicros + b.stackMicros,
    windowMicros: a.windowMicros + b.windowMicros,
    stacks: a.stacks + b.stacks,
    droppedWindows: a.droppedWindows + b.droppedWindows,
    droppedSamples: a.droppedSamples + b.droppedSamples,
    faults: a.faults + b.faults,
    heapWindowMicros: a.heapWindowMicros + b.heapWindowMicros,
    ...mergePlain(a.plain, b.plain),
  };
}

function mergePlain(a: OwnFigures["plain"], b: OwnFigures["plain"]): Pick<OwnFigures, "plain"> {
  if (a === undefined || b === undefined) {
    const plain = a ?? b;
    return plain === undefined ? {} : { plain };
  }
  return {
    plain: {
      rests: a.rests + b.rests,
      requests: a.requests + b.requests,
      cpuMicros: sum(a.cpuMicros, b.cpuMicros),
    },
  };
}
