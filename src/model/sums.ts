// Model: exact figures of a scope, summed over its windows. Nothing here is an estimate.

import { type CellRow, GC_KINDS, type GcKind, THREAD_CLASSES, type ThreadClass } from "../protocol/window.ts";
import type { Profile, ProfileWindow } from "./profile.ts";

/** Size classes go up to 39 (see window.ts). */
const CLASS_SPAN = 64;

/**
 * Workers that run the same code: symmetric peers do, but their threads and children run other lines, so that one
 * operation's samples in these say nothing about its lines in those.
 */
const ROLES = ["peer", "thread", "child"] as const;
type Role = (typeof ROLES)[number];

export interface Cell {
  readonly role: Role;
  readonly operation: number;
  readonly sizeClass: number;
  count: number;
  amount: number;
  /** Events whose duration was measured, and the microseconds of these. */
  timed: number;
  timedMicros: number;
}
interface Switches {
  threads: number;
  voluntary: number;
  involuntary: number;
  runQueueMicros: number;
}

export interface Sums {
  /** By `cellKey`. */
  readonly cells: Map<number, Cell>;
  requests: number;
  readonly gc: Record<GcKind, { count: number; micros: number }>;
  gcMicros: number;
  /** Null where no process reported its threads. */
  switches: Record<ThreadClass, Switches> | null;
  /** Voluntary switches and loop turns of the threads that report both. */
  readonly loops: Record<"loop" | "worker", { voluntary: number; iterations: number; known: boolean }>;
  /** Of all threads, null where no process reported it. */
  cpuMicros: number | null;
  /** V8's own figure over all threads; null where none reported it. */
  allocatedBytes: number | null;
  /** Made off the heap, at least, beyond what `buffers` count; null where no thread reported it. */
  uncountedOffHeapBytes: number | null;
  readonly own: { micros: number; stacks: number; heapWindowMicros: number };
}

export function cellKey(operation: number, sizeClass: number, role: Role): number {
  return (operation * CLASS_SPAN + sizeClass) * ROLES.length + ROLES.indexOf(role);
}

export function emptyCell({ role, operation, sizeClass }: Cell): Cell {
  return { role, operation, sizeClass, count: 0, amount: 0, timed: 0, timedMicros: 0 };
}

export function clearCell(cell: Cell): void {
  cell.count = 0;
  cell.amount = 0;
  cell.timed = 0;
  cell.timedMicros = 0;
}

/** Adds so many times the figures of another one. */
export function addCell(to: Cell, cell: Cell, part = 1): void {
  to.count += cell.count * part;
  to.amount += cell.amount * part;
  to.timed += cell.timed * part;
  to.timedMicros += cell.timedMicros * part;
}

export function emptySums(): Sums {
  const gc = Object.fromEntries(GC_KINDS.map((kind) => [kind, { count: 0, micros: 0 }]));
  return {
    cells: new Map(),
    requests: 0,
    gc: gc as Sums["gc"],
    gcMicros: 0,
    switches: null,
    loops: {
      loop: { voluntary: 0, iterations: 0, known: false },
      worker: { voluntary: 0, iterations: 0, known: false },
    },
    cpuMicros: null,
    allocatedBytes: null,
    uncountedOffHeapBytes: null,
    own: { micros: 0, stacks: 0, heapWindowMicros: 0 },
  };
}

export function sumUp(profile: Pick<Profile, "workers">, windows: readonly ProfileWindow[]): Sums {
  const sums = emptySums();
  for (const window of windows) addWindow(sums, profile, window, 1);
  return sums;
}

/** Adds a part of a window: 0 to 1 of all its figures. */
export function addWindow(
  sums: Sums,
  profile: Pick<Profile, "workers">,
  window: ProfileWindow,
  part: number,
): void {
  const role = profile.workers[window.worker]?.role ?? "peer";
  for (const row of window.cells) addRow(sums.cells, row, role, part);
  for (const row of window.requests) sums.requests += row[1] * part;
  for (const [kind, count, micros] of window.gc) {
    sums.gc[kind].count += count * part;
    sums.gc[kind].micros += micros * part;
    sums.gcMicros += micros * part;
  }
  const { thread, process, own } = window;
  if (thread.allocatedBytes !== null)
    sums.allocatedBytes = (sums.allocatedBytes ?? 0) + thread.allocatedBytes * part;
  if (thread.uncountedOffHeapBytes !== undefined)
    sums.uncountedOffHeapBytes = (sums.uncountedOffHeapBytes ?? 0) + thread.uncountedOffHeapBytes * part;
  const loop = sums.loops[profile.workers[window.worker]?.threadId === 0 ? "loop" : "worker"];
  if (thread.voluntary !== null && thread.loopIterations !== null) {
    loop.known = true;
    loop.voluntary += thread.voluntary * part;
    loop.iterations += thread.loopIterations * part;
  }
  if (process !== null) {
    sums.cpuMicros = (sums.cpuMicros ?? 0) + process.cpuMicros * part;
    if (process.threads.length > 0) addThreads(sums, process.threads, part);
  }
  sums.own.micros += (own.stackMicros + own.windowMicros) * part;
  sums.own.stacks += own.stacks * part;
  sums.own.heapWindowMicros += own.heapWindowMicros * part;
}

/** By index: taking rows apart is most of what the figures of a live panel make garbage of. */
export function addRow(cells: Map<number, Cell>, row: CellRow, role: Role, part = 1): Cell {
  const key = cellKey(row[0], row[1], role);
  let cell = cells.get(key);
  if (cell === undefined) {
    cell = { role, operation: row[0], sizeClass: row[1], count: 0, amount: 0, timed: 0, timedMicros: 0 };
    cells.set(key, cell);
  }
  addToCell(cell, row, part);
  return cell;
}

export function addToCell(cell: Cell, row: CellRow, part = 1): void {
  cell.count += row[2] * part;
  cell.amount += row[3] * part;
  cell.timed += (row[4] ?? 0) * part;
  cell.timedMicros += (row[5] ?? 0) * part;
}

function addThreads(sums: Sums, rows: NonNullable<ProfileWindow["process"]>["threads"], part: number): void {
  sums.switches ??= Object.fromEntries(
    THREAD_CLASSES.map((name) => [name, { threads: 0, voluntary: 0, involuntary: 0, runQueueMicros: 0 }]),
  ) as Record<ThreadClass, Switches>;
  for (const [name, threads, voluntary, involuntary, runQueueMicros] of rows) {
    const sum = sums.switches[name];
    sum.threads = Math.max(sum.threads, threads);
    sum.voluntary += voluntary * part;
    sum.involuntary += involuntary * part;
    sum.runQueueMicros += runQueueMicros * part;
  }
}

/** Kernel switches of every thread; null where they are not reported. */
export function kernelSwitches(sums: Sums): number | null {
  if (sums.switches === null) return null;
  let total = 0;
  for (const name of THREAD_CLASSES) total += sums.switches[name].voluntary + sums.switches[name].involuntary;
  return total;
}
