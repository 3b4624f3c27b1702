// Runtime: allocation on V8's heap by function. The total is the collections'; whose it is, is told by short
// windows without inlining (see heapWindow.ts). Only where there can be none does V8 sample full-time: reading a
// profile collects all garbage, so that it should happen seldom.

import { fill } from "../../../protocol/fill.ts";
import { NOTICES } from "../../../protocol/notices.ts";
import type { HeapKept, HeapSizeRow } from "../../../protocol/window.ts";
import { LongWork } from "../../ownCost.ts";
import type { Operation } from "../../sampling/operations.ts";
import { ThreadBoard } from "../../threadBoard.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { AllocationRate } from "./allocationRate.ts";
import { collections } from "./collections.ts";
import { intervalFor, intervalsFor } from "./heapInterval.ts";
import { HeapRows } from "./heapRows.ts";
import { HeapSampler } from "./heapSampler.ts";
import { HeapWindow, type SampledPart } from "./heapWindow.ts";
import { InspectorWatch } from "./inspectorWatch.ts";
import { RequestLoad } from "./requestLoad.ts";
import { SampledOfLate } from "./sampledOfLate.ts";
import { WindowPlan } from "./windowPlan.ts";

const BEAT_MILLIS = 500;
/** A pause is at least so many times what the last profile cost: 1 % at most, whatever the heap's size. */
const PAUSE_PER_COST = 100;
/** At most; a quarter of them is 4 % at a function with a quarter of the bytes. They cost about 1 µs each to read. */
const WINDOW_SAMPLES = 8_000;
/** Without windows: the sampler keeps every sample until it is stopped. */
const FULL_TIME_MILLIS = 5_000;
const FULL_TIME_SAMPLES = 5_000;
/** A thread that serves no HTTP is under load when it allocates this fast. */
const BUSY_BYTES_PER_SECOND = 256 * 1024;
/** A window that saw less than this part of what was to be expected fell into a pause of the load: another one soon, a few times. */
const PAUSE_PART = 0.25;
const RETRY_MILLIS = 1_500;
const MOST_RETRIES = 3;

const { setInterval, clearInterval } = globalThis;
const now = performance.now.bind(performance);

export class HeapProbe implements Probe {
  readonly name = "heap";
  private context: ProbeContext | null = null;
  private sampler: HeapSampler | null = null;
  private operation: Operation | null = null;
  private board: ThreadBoard | null = null;
  private epoch = 0;
  private timer: NodeJS.Timeout | null = null;
  private watch: InspectorWatch | null = null;

  private window: HeapWindow | null = null;
  /** Requests came when the window was opened. */
  private underLoad = false;
  private windowsOn = false;
  private plan = new WindowPlan(0);
  private restedAt = 0;
  /** It was said that another tool samples this heap. */
  private taken = false;

  private readonly load = new RequestLoad();
  private readonly rate = new AllocationRate();

  private readonly stopwatch = new LongWork();
  /** The last profile, and how many there were. */
  private before: HeapRows | null = null;
  private turn = 0;
  private expectedBytes = 0;
  private inPause = false;
  private retries = 0;
  private sizes: HeapSizeRow[] = [];
  private kept: HeapKept | null = null;
  private ownMicros = 0;
  private windowMicros = 0;
  private readonly known = new SampledOfLate();

  unavailable(): string | null {
    try {
      this.sampler = HeapSampler.open();
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return fill(NOTICES.noInspector, reason);
    }
  }

  start(context: ProbeContext): void {
    this.context = context;
    this.operation = context.meter.operation("objects", "");
    this.board = ThreadBoard.open();
    this.epoch = this.board.epoch;
    this.watch = new InspectorWatch(() => this.quietly(() => this.makeWay()));
    this.windowsOn = true;
    this.plan = new WindowPlan(context.options.heapWindowPauseMillis);
    if (context.options.heapWindowMillis === 0) this.fullTime(NOTICES.windowsOff);
    this.watchLoad();
  }

  /** Without windows: of what was sampled so far. */
  beforeRest(): void {
    const { sampler, window } = this;
    const intervalBytes = sampler?.intervalBytes ?? 0;
    if (window !== null || sampler === null || intervalBytes === 0) return;
    this.quietly(() => {
      const profile = sampler.stop();
      if (profile !== null) this.learn([{ profile, intervalBytes }]);
    });
  }

  rest(): void {
    this.unwatchLoad();
    this.makeWay();
    this.restedAt = now();
  }

  resume(): void {
    this.plan.rested(this.restedAt, now());
    this.watchLoad();
    if (!this.windowsOn && this.sampler !== null) this.sampleFullTime(this.sampler);
  }

  private watchLoad(): void {
    this.load.watch();
    this.timer = setInterval(() => this.beat(), BEAT_MILLIS);
    this.timer.unref();
  }

  private unwatchLoad(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.load.unwatch();
  }

  collect(draft: WindowDraft): void {
    const { context, operation } = this;
    if (context === null || operation === null) return;
    draft.heapSizes.push(...this.sizes);
    this.sizes = [];
    if (this.kept !== null) draft.heapKept = this.kept;
    this.kept = null;
    draft.own.windowMicros += this.ownMicros;
    draft.own.heapWindowMicros += this.windowMicros + (this.window?.takeMicros() ?? 0);
    this.ownMicros = 0;
    this.windowMicros = 0;
    const requests = this.load.take(draft.requests);
    if (this.plan.loadCame(now(), requests)) this.known.forget();
    const total = draft.thread.allocatedBytes;
    if (total === null) return;
    const bytes = total * this.known.serverShare;
    draft.thread.allocatedBytes = bytes;
    this.plan.see(bytes, requests);
    this.rate.add(bytes, draft.wallMicros);
    if (bytes > 0) context.meter.addTotal(operation, Math.max(1, bytes / this.known.meanBytes), bytes);
  }

  stop(): void {
    this.unwatchLoad();
    this.watch?.stop();
    this.window?.abandon();
    this.window = null;
    this.sampler?.close();
    this.sampler = null;
  }

  private beat(): void {
    const { board, sampler } = this;
    if (board === null || sampler === null || this.window !== null) return;
    if (board.epoch !== this.epoch) {
      // Another thread had its window: what this one compiled meanwhile is without inlining, too.
      this.epoch = board.epoch;
      if (this.watch?.coverage !== true) this.quietly(() => sampler.deoptimise());
    }
    if (!this.load.comes && this.rate.bytesPerSecond < BUSY_BYTES_PER_SECOND) return;
    if (!this.plan.due(now())) return;
    this.quietly(() => (this.windowsOn ? this.openWindow(sampler, board) : this.rotate(sampler)));
  }

  private openWindow(sampler: HeapSampler, board: ThreadBoard): void {
    if (this.watch?.coverage === true) {
      this.fullTime(NOTICES.coverage);
      return;
    }
    if (!board.takeFlags()) return;
    const window = new HeapWindow(sampler, board, {
      quietly: (action) => this.quietly(action),
      sampled: (parts) => this.learn(parts),
      kept: (profile, intervalBytes, allocatedBytes) => {
        const { stacks } = (this.context as ProbeContext).meter;
        this.kept = [allocatedBytes, new HeapRows(stacks, profile, intervalBytes).kept()];
      },
      closed: () => this.closeWindow(),
    });
    const { options } = this.context as ProbeContext;
    this.inPause = false;
    this.expectedBytes = (this.rate.bytesPerSecond * options.heapWindowMillis) / 1000;
    const { heapWindowIntervalBytes: interval, heapWindowMillis } = options;
    const intervals = intervalsFor(interval, this.expectedBytes, WINDOW_SAMPLES, this.turn);
    this.underLoad = this.load.comes;
    if (window.open(intervals, heapWindowMillis)) this.window = window;
    else this.postpone();
  }

  private closeWindow(): void {
    this.windowMicros += this.window?.takeMicros() ?? 0;
    this.window = null;
    this.epoch = this.board?.epoch ?? 0;
    const again = this.inPause && this.retries < MOST_RETRIES;
    this.retries = again ? this.retries + 1 : 0;
    if (again) this.plan.postpone(now(), RETRY_MILLIS);
    else this.plan.closed(now(), this.underLoad);
  }

  /** From here on full-time sampling alone. */
  private fullTime(reason: string): void {
    this.windowsOn = false;
    const text = fill(NOTICES.fullTime, reason);
    this.context?.notice({ code: "coverage", severity: "info", text });
    if (this.sampler !== null) this.sampleFullTime(this.sampler);
  }

  private rotate(sampler: HeapSampler): void {
    const { intervalBytes } = sampler;
    const profile = sampler.stop();
    if (profile !== null) this.learn([{ profile, intervalBytes }]);
    this.sampleFullTime(sampler);
  }

  private sampleFullTime(sampler: HeapSampler): void {
    const { options } = this.context as ProbeContext;
    const expected = (this.rate.bytesPerSecond * FULL_TIME_MILLIS) / 1000;
    if (sampler.start(intervalFor(options.heapIntervalBytes, expected, FULL_TIME_SAMPLES, this.turn), true))
      this.plan.postpone(now(), FULL_TIME_MILLIS);
    else this.postpone();
  }

  /** Somebody else samples this heap: V8 has one sampler a thread. */
  private postpone(): void {
    this.plan.postpone(now(), FULL_TIME_MILLIS);
    if (this.taken) return;
    this.taken = true;
    this.context?.notice({
      code: "probe-unavailable",
      severity: "warning",
      text: NOTICES.otherSampler,
    });
  }

  /** The user's code is about to switch on what a window or our sampling would switch off. */
  private makeWay(): void {
    if (this.window === null && (this.sampler?.intervalBytes ?? 0) === 0) return;
    this.windowMicros += this.window?.takeMicros() ?? 0;
    this.window?.abandon();
    this.window = null;
    this.sampler?.stop();
    this.plan.postpone(now(), FULL_TIME_MILLIS);
  }

  private learn(parts: readonly SampledPart[]): void {
    const { context, operation } = this;
    if (context === null || operation === null) return;
    const { meter } = context;
    const rows = parts.map(
      ({ profile, intervalBytes }) => new HeapRows(meter.stacks, profile, intervalBytes),
    );
    let [objects, serverBytes, ownBytes] = [0, 0, 0];
    for (const [place, part] of rows.entries()) {
      part.sizes(this.sizes);
      // The part beside it is of the other interval; where it is alone, the one before was.
      objects += part.addTo(meter, operation, rows[place === 0 ? 1 : place - 1] ?? this.before);
      serverBytes += part.serverBytes;
      ownBytes += part.ownBytes;
    }
    this.before = rows.at(-1) ?? null;
    this.turn++;
    this.inPause = serverBytes + ownBytes < PAUSE_PART * this.expectedBytes;
    // Our own share of it is not that of a load.
    if (!this.inPause) this.known.learn(serverBytes, objects, ownBytes);
  }

  /** Our own work: not measured, never the server's allocation, and its cost is told. */
  private quietly(action: () => void): void {
    const { context, stopwatch } = this;
    if (context === null) return;
    context.meter.quiet++;
    stopwatch.start();
    try {
      collections.excluding(() => context.faults.guard(this.name, undefined, action));
    } finally {
      const micros = stopwatch.stop();
      this.ownMicros += micros;
      this.plan.notBefore(now() + (micros / 1000) * PAUSE_PER_COST);
      context.meter.quiet--;
    }
  }
}
