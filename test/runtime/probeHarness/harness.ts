// Runs probes in a process (or worker thread) of their own, without a collector: bundled and loaded by
// `--require`, it cuts windows on the program's demand and hands it what they hold. Built by `run.ts`.

import { isMainThread } from "node:worker_threads";
import { DEFAULT_SAMPLING, type SamplingOptions } from "../../../src/protocol/sessionFile.ts";
import { Faults } from "../../../src/runtime/faults.ts";
import { installModuleWatch } from "../../../src/runtime/moduleWatch.ts";
import { BuffersProbe } from "../../../src/runtime/probes/allocations/buffersProbe.ts";
import { GcProbe } from "../../../src/runtime/probes/allocations/gcProbe.ts";
import { HeapProbe } from "../../../src/runtime/probes/allocations/heapProbe.ts";
import { offHeapGrowth } from "../../../src/runtime/probes/allocations/offHeapGrowth.ts";
import { BufferCopiesProbe } from "../../../src/runtime/probes/copies/bufferCopies.ts";
import { CloneCopiesProbe } from "../../../src/runtime/probes/copies/cloneCopies.ts";
import { HttpRequestsProbe } from "../../../src/runtime/probes/http/httpRequests.ts";
import { requestContext } from "../../../src/runtime/probes/http/requestContext.ts";
import { IoBytesProbe } from "../../../src/runtime/probes/io/ioBytesProbe.ts";
import type { Probe, WindowDraft } from "../../../src/runtime/probes/probe.ts";
import { BlockingCallsProbe } from "../../../src/runtime/probes/switches/blockingCalls.ts";
import { PoolWaitsProbe } from "../../../src/runtime/probes/switches/pool/poolWaits.ts";
import { ProcessFiguresProbe } from "../../../src/runtime/probes/switches/processFigures.ts";
import { ThreadFiguresProbe } from "../../../src/runtime/probes/switches/threadFigures.ts";
import { Meter } from "../../../src/runtime/sampling/meter.ts";
import { StackTable } from "../../../src/runtime/sampling/stackTable.ts";

const PROBES = {
  blocking: () => new BlockingCallsProbe(),
  buffers: () => new BuffersProbe(),
  clones: () => new CloneCopiesProbe(),
  copies: () => new BufferCopiesProbe(),
  gc: () => new GcProbe(),
  heap: () => new HeapProbe(),
  thread: () => new ThreadFiguresProbe(),
  process: () => new ProcessFiguresProbe(),
  pool: () => new PoolWaitsProbe(),
  requests: () => new HttpRequestsProbe(),
  io: () => new IoBytesProbe(),
};
export type ProbeName = keyof typeof PROBES;

interface Settings {
  readonly probes: readonly ProbeName[];
  readonly sampling: Partial<SamplingOptions>;
}

export interface Harness {
  /** Cuts a window and returns what it holds, with stacks as lists of function names, innermost first. */
  cut(): CutWindow;
  stop(): void;
  /** The id of the request that the caller's code belongs to, null for none. */
  request(): number | null;
}

export interface CutWindow extends WindowDraft {
  readonly exact: { kind: string; callee: string; basis: string; count: number; amount: number }[];
  readonly samples: {
    kind: string;
    callee: string;
    stack: Frame[];
    samples: number;
    count: number;
    amount: number;
  }[];
  readonly faults: number;
  readonly faultTexts: string[];
  readonly notices: string[];
}
export interface Frame {
  readonly name: string;
  readonly url: string;
  readonly line: number;
}

const settings = JSON.parse(process.env.PROBE_HARNESS ?? "{}") as Settings;
const options = { ...DEFAULT_SAMPLING, ...settings.sampling };
const stacks = new StackTable();
const meter = new Meter(stacks, 1_000);
const faultTexts: string[] = [];
const faults = new Faults((owner, error) => {
  faultTexts.push(`${owner}: ${error instanceof Error ? error.stack : String(error)}`);
});
const notices: string[] = [];
// As in the preload: SQLite is measured where it is seen that a program asks for it.
if (settings.probes.includes("blocking")) installModuleWatch();
const probes: Probe[] = settings.probes.map((name) => PROBES[name]());
let last = performance.now();
const operations: { kind: string; callee: string; basis: string }[] = [];
const urls = new Map<number, string>();
const frames = new Map<number, Frame>();
const stackRows = new Map<number, { parent: number; frame: number }>();

meter.quiet++;
for (const probe of probes) {
  if (probe.unavailable() !== null) continue;
  probe.start({
    meter,
    faults,
    options,
    mainThread: isMainThread,
    notice: (notice) => void notices.push(`${notice.code}: ${notice.text}`),
  });
}
meter.quiet--;

const harness: Harness = {
  cut() {
    meter.quiet++;
    try {
      return cut();
    } finally {
      offHeapGrowth.rebase();
      meter.quiet--;
    }
  },
  stop() {
    for (const probe of [...probes].reverse()) probe.stop();
  },
  request: () => requestContext.current()?.id ?? null,
};
(globalThis as { harness?: Harness }).harness = harness;

function cut(): CutWindow {
  const now = performance.now();
  const draft: WindowDraft = {
    wallMicros: (now - last) * 1000,
    thread: {
      voluntary: null,
      involuntary: null,
      runQueueMicros: null,
      cpuMicros: null,
      loopActiveMicros: 0,
      loopIterations: null,
      loopEvents: null,
      allocatedBytes: null,
    },
    process: null,
    gc: [],
    heapSizes: [],
    routes: [],
    requests: [],
    own: { heapWindowMicros: 0, windowMicros: 0 },
  };
  last = now;
  // As the thread does: collections first, whose total the heap probe splits.
  for (const probe of probes) probe.collect?.(draft);
  const drained = meter.drain();
  const table = stacks.drain();
  for (const [id, kind, callee, basis = "exact"] of drained.operations)
    operations[id] = { kind, callee, basis };
  for (const [id, url] of table.scripts) urls.set(id, url);
  for (const [id, script, name, line] of table.frames)
    frames.set(id, { name, url: urls.get(script) ?? "", line });
  for (const [id, parent, frame] of table.stacks) stackRows.set(id, { parent, frame });
  const operationOf = (id: number) => operations[id] as { kind: string; callee: string; basis: string };
  return {
    ...draft,
    exact: drained.cells.map(([id, , count, amount]) => ({ ...operationOf(id), count, amount })),
    samples: drained.samples.map(([id, , stack, , samples, count, amount]) => ({
      ...operationOf(id),
      stack: stackOf(stack),
      samples,
      count,
      amount,
    })),
    faults: faults.take(),
    faultTexts: faultTexts.splice(0),
    notices: notices.splice(0),
  };
}

function stackOf(id: number): Frame[] {
  const list: Frame[] = [];
  for (let row = stackRows.get(id); row !== undefined; row = stackRows.get(row.parent)) {
    const frame = frames.get(row.frame);
    if (frame !== undefined) list.push(frame);
  }
  return list;
}
