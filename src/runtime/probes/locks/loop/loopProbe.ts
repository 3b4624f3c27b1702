// Runtime: the event loop as the one lock that all requests share: whose code holds it, and which requests wait.

import { PerformanceObserver, performance } from "node:perf_hooks";
import { NOTICES } from "../../../../protocol/notices.ts";
import { LongWork, ownWork } from "../../../ownCost.ts";
import type { Operation } from "../../../sampling/operations.ts";
import { collectionPauses } from "../../allocations/collectionPauses.ts";
import { InspectorWatch } from "../../allocations/inspectorWatch.ts";
import type { Probe, ProbeContext, WindowDraft } from "../../probe.ts";
import { KernelFile, parseSchedule } from "../../switches/kernelFile.ts";
import { BlockingHabit } from "./blockingHabit.ts";
import { type BlockProfile, BlockProfiler } from "./blockProfile.ts";
import { type Block, LoopWatch, loopWatch } from "./loopWatch.ts";

/** Of waiting since the last profile, that it is worth another. */
const LEAST_WAITING_MICROS = 50_000;
const PROFILE_MILLIS = 4_000;
/** Blocks of which enough is known by then. */
const ENOUGH_BLOCKS = 12;
/** Kept of one profile. */
const MOST_BLOCKS = 200;
const MOST_WAITS = 1_000;
/** By then it is known what was collected. */
const SETTLED_MILLIS = 100;
/** Of the newest reading of the schedule. */
const COST_WEIGHT = 1 / 16;
const FIRST_PAUSE_MILLIS = 2_000;
const LONGEST_PAUSE_MILLIS = 120_000;
/** 1 % at most. */
const PAUSE_PER_COST = 100;

const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);
const { nodeTiming } = performance;

export class LoopProbe implements Probe {
  readonly name = "locks.event-loop";
  private context: ProbeContext | null = null;
  private operation: Operation | null = null;
  private profiler: BlockProfiler | null = null;
  /** Coverage of the user's own would be ended by ours. */
  private inspectors: InspectorWatch | null = null;
  /** Milliseconds of a reading, of late. */
  private scheduleCost = 0;
  private schedule: KernelFile | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly stopwatch = new LongWork();
  private ownMicros = 0;
  private readonly habit = new BlockingHabit((span) => collectionPauses.millisWithin(span));
  /** Of collections, where no other probe looks at them. */
  private collections: PerformanceObserver | null = null;
  private waitedMicros = 0;
  private profileAt = 0;
  private pauseMillis = FIRST_PAUSE_MILLIS;
  /** Of the profile that runs: how long requests waited for each block, microseconds. */
  private waits = new Map<Block, number[]>();
  private waitsKept = 0;
  /** The thread rests, or is about to. */
  private resting = false;

  unavailable(): string | null {
    return metrics() === undefined ? NOTICES.noTurns : null;
  }

  start(context: ProbeContext): void {
    this.context = context;
    this.operation = context.meter.operation("loop wait", "event loop", "inferred");
    this.schedule = KernelFile.open("/proc/thread-self/schedstat");
    if (!isProfiled()) this.inspectors = watchInspectors();
    this.resume();
  }

  beforeRest(): void {
    this.resting = true;
    if (this.timer !== null) this.endProfile();
  }

  rest(): void {
    loopWatch.current = null;
    this.waits = new Map();
    this.collections?.disconnect();
    this.collections = null;
  }

  /** With a new watch: for the old one the time between would be one long block. */
  resume(): void {
    this.resting = false;
    if (this.context?.options.categories.includes("allocations") === false) this.watchCollections();
    loopWatch.current = new LoopWatch(
      {
        idleMillis: () => nodeTiming.idleTime,
        turns: () => metrics() ?? { loopCount: 0, eventsWaiting: 0 },
        ownMillis: () => ownWork.millis,
        schedule: () => this.scheduled(),
        scheduleCost: () => this.scheduleCost,
      },
      (block, micros) => this.waited(block, micros),
      (at, millis) => this.habit.request(at, millis),
    );
  }

  private watchCollections(): void {
    this.collections = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) collectionPauses.add(startTime, duration);
    });
    this.collections.observe({ entryTypes: ["gc"] });
  }

  collect(draft: WindowDraft): void {
    draft.own.windowMicros += this.ownMicros;
    this.ownMicros = 0;
    this.settle();
    if (this.timer !== null) {
      const blocks = [...this.waits.keys()].filter((block) => this.habit.blockedPart(block) > 0);
      if (blocks.length >= ENOUGH_BLOCKS) this.endProfile();
    } else if (!this.resting && this.worthProfile) this.startProfile();
  }

  stop(): void {
    loopWatch.current = null;
    this.collections?.disconnect();
    this.collections = null;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.inspectors?.stop();
    this.profiler?.close();
    this.profiler = null;
    this.schedule?.close();
    this.schedule = null;
  }

  private settle(): void {
    const { context, operation } = this;
    if (context === null || operation === null) return;
    for (const micros of this.habit.settle(now() - SETTLED_MILLIS)) {
      context.meter.settle(operation, micros, null);
      this.waitedMicros += micros;
    }
  }

  private get worthProfile(): boolean {
    return this.habit.blocks && this.waitedMicros >= LEAST_WAITING_MICROS && now() >= this.profileAt;
  }

  private waited(block: Block, micros: number): void {
    this.habit.waited(block, micros);
    if (this.timer === null || this.waitsKept >= MOST_WAITS) return;
    const known = this.waits.get(block);
    if (known === undefined && this.waits.size >= MOST_BLOCKS) return;
    this.waitsKept++;
    if (known === undefined) this.waits.set(block, [micros]);
    else known.push(micros);
  }

  private startProfile(): void {
    const { inspectors } = this;
    if (inspectors === null) return;
    this.waits = new Map();
    this.waitsKept = 0;
    this.ourWork(() => {
      this.profiler ??= BlockProfiler.open();
      this.profiler?.start(!inspectors.coverage);
    });
    this.timer = setTimeout(() => this.endProfile(), PROFILE_MILLIS);
    this.timer.unref();
  }

  private endProfile(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.ourWork(() => {
      const profile = this.profiler?.stop() ?? null;
      if (profile !== null) this.learn(profile);
    });
    this.waitedMicros = 0;
    this.profileAt = Math.max(this.profileAt, now() + this.pauseMillis);
    this.pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, this.pauseMillis * 2);
  }

  private learn(profile: BlockProfile): void {
    const { context, operation } = this;
    if (context === null || operation === null) return;
    const { meter } = context;
    for (const [block, waitsOfAll] of this.waits) {
      const { from, to } = block;
      const part = this.habit.blockedPart(block);
      if (part === 0) continue;
      const waits = waitsOfAll.map((micros) => micros * part);
      const stack = profile.stackOf(block, meter.stacks);
      if (stack === 0) continue;
      for (const micros of waits) meter.addSample(operation, micros, stack, 1, 1, micros, stack);
      const all = waits.reduce((sum, micros) => sum + micros, 0);
      const heldMicros = (to - from) * part * 1000;
      meter.addDetail(operation, stack, all, { key: "", queue: waits.length, releaser: 0, heldMicros });
    }
    this.waits = new Map();
  }

  private ourWork(action: () => void): void {
    const { context, stopwatch } = this;
    if (context === null) return;
    context.meter.quiet++;
    stopwatch.start();
    try {
      context.faults.guard(this.name, undefined, action);
    } finally {
      const micros = stopwatch.stop();
      this.ownMicros += micros;
      this.profileAt = now() + (micros / 1000) * PAUSE_PER_COST;
      context.meter.quiet--;
    }
  }

  private scheduled(): { cpuMillis: number; runQueueMillis: number } | null {
    const begun = now();
    const text = this.schedule?.read() ?? null;
    const times = text === null ? null : parseSchedule(text);
    this.scheduleCost += (now() - begun - this.scheduleCost) * COST_WEIGHT;
    if (times === null) return null;
    return { cpuMillis: times.cpuMicros / 1000, runQueueMillis: times.runQueueMicros / 1000 };
  }
}

/** Null where Node has no inspector. */
function watchInspectors(): InspectorWatch | null {
  try {
    return new InspectorWatch(() => {});
  } catch {
    return null;
  }
}

function metrics(): { readonly loopCount: number; readonly eventsWaiting: number } | undefined {
  return (nodeTiming as { uvMetricsInfo?: { loopCount: number; eventsWaiting: number } }).uvMetricsInfo;
}

/** The user has this process profiled: ours would be in it. */
function isProfiled(): boolean {
  return /(?:^|\s)--(?:cpu-)?prof(?:[\s=]|$)/.test(
    [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" "),
  );
}
