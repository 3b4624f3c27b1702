// Runs the lock probes in a process of their own, without a collector: bundled and loaded by `--require`, it
// tells the program what they measured. Built by `run.ts`.

import { isMainThread } from "node:worker_threads";
import { DEFAULT_SAMPLING } from "../../../src/protocol/sessionFile.ts";
import { Faults } from "../../../src/runtime/faults.ts";
import { installModuleWatch } from "../../../src/runtime/moduleWatch.ts";
import { HttpRequestsProbe } from "../../../src/runtime/probes/http/httpRequests.ts";
import { lockProbes } from "../../../src/runtime/probes/locks/index.ts";
import type { ProbeContext, WindowDraft } from "../../../src/runtime/probes/probe.ts";
import { Meter } from "../../../src/runtime/sampling/meter.ts";
import { StackTable } from "../../../src/runtime/sampling/stackTable.ts";

export interface Measured {
  readonly callee: string;
  readonly kind: string;
  readonly basis: string;
  readonly count: number;
  readonly micros: number;
  readonly sites: readonly Site[];
  /** What sampled waits told beside. */
  readonly details: readonly Detail[];
}
export interface Detail {
  readonly waiter: number | null;
  readonly key: string | null;
  readonly releaser: number | null;
  readonly queued: number;
  readonly queueLength: number;
  readonly longestQueue: number;
}
export interface Site {
  /** Line of the nearest frame of the program, null when there is none. */
  readonly waiter: number | null;
  readonly holder: number | null;
  readonly samples: number;
  readonly count: number;
  readonly micros: number;
}
export interface Harness {
  cut(): Measured[];
  stop(): void;
  readonly notices: string[];
  readonly faults: string[];
  readonly unavailable: string[];
}

installModuleWatch();
const stacksPerSecond = Number(process.env.LOCKS_STACKS ?? "100000");
const options = { ...DEFAULT_SAMPLING, stacksPerSecond };
const stacks = new StackTable();
const meter = new Meter(stacks, stacksPerSecond);
const notices: string[] = [];
const faultTexts: string[] = [];
const unavailable: string[] = [];
const faults = new Faults(() => {});
const add = faults.add.bind(faults);
faults.add = (owner, error) => {
  faultTexts.push(`${owner}: ${error instanceof Error ? error.stack : String(error)}`);
  add(owner, error);
};
const context: ProbeContext = {
  meter,
  faults,
  options,
  mainThread: isMainThread,
  notice: ({ text }) => void notices.push(text),
};
meter.quiet++;
// Which requests there are, for those who want to know.
if (process.env.LOCKS_REQUESTS === "1") new HttpRequestsProbe().start(context);
const probes = lockProbes().filter((probe) => {
  const reason = probe.unavailable();
  if (reason !== null) unavailable.push(`${probe.name}: ${reason}`);
  return reason === null;
});
for (const probe of probes) probe.start(context);
meter.quiet--;

interface Operation {
  readonly kind: string;
  readonly callee: string;
  readonly basis: string;
}
const operations: Operation[] = [];
const urls = new Map<number, string>();
const frames = new Map<number, { url: string; line: number }>();
const keys = new Map<number, string>();
const rows = new Map<number, { parent: number; frame: number }>();

function cut(): Measured[] {
  const draft = { own: { windowMicros: 0, heapWindowMicros: 0 } } as WindowDraft;
  for (const probe of probes) probe.collect?.(draft);
  const drained = meter.drain();
  const table = stacks.drain();
  for (const [id, kind, callee, basis = "exact"] of drained.operations)
    operations[id] = { kind, callee, basis };
  for (const [id, url] of table.scripts) urls.set(id, url);
  for (const [id, script, , line] of table.frames) frames.set(id, { url: urls.get(script) ?? "", line });
  for (const [id, parent, frame] of table.stacks) rows.set(id, { parent, frame });
  const nameOf = (id: number) => `${operations[id]?.callee} ${operations[id]?.basis}`;
  const byName = new Map<
    string,
    Operation & { count: number; micros: number; sites: Site[]; details: Detail[] }
  >();
  for (const [id, , count, amount] of drained.cells) {
    const known = byName.get(nameOf(id)) ?? {
      ...(operations[id] as Operation),
      count: 0,
      micros: 0,
      sites: [],
      details: [],
    };
    known.count += count;
    known.micros += amount;
    byName.set(nameOf(id), known);
  }
  for (const [id, , stack, holder, samples, count, micros] of drained.samples) {
    byName
      .get(nameOf(id))
      ?.sites.push({ waiter: lineOf(stack), holder: lineOf(holder), samples, count, micros });
  }
  for (const [id, key] of drained.lockKeys ?? []) keys.set(id, key);
  for (const [id, stack, key, releaser, , queued, queueLength, longestQueue] of drained.waits ?? []) {
    byName.get(nameOf(id))?.details.push({
      waiter: lineOf(stack),
      key: keys.get(key) ?? null,
      releaser: lineOf(releaser),
      queued,
      queueLength,
      longestQueue,
    });
  }
  return [...byName.values()];
}

/** Node's, a dependency's, ours. */
const NOT_THEIRS = /^node:|\/node_modules\/|\/harness\.cjs$/;

function lineOf(id: number): number | null {
  for (let row = rows.get(id); row !== undefined; row = rows.get(row.parent)) {
    const frame = frames.get(row.frame);
    if (frame === undefined || NOT_THEIRS.test(frame.url)) continue;
    return frame.line;
  }
  return null;
}

const harness: Harness = {
  cut() {
    meter.quiet++;
    try {
      return cut();
    } finally {
      meter.quiet--;
    }
  },
  stop() {
    for (const probe of [...probes].reverse()) probe.stop();
  },
  notices,
  faults: faultTexts,
  unavailable,
};
(globalThis as { locks?: Harness }).locks = harness;
