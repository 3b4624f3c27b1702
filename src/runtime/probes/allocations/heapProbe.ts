// Runtime: allocation on V8's heap by function. Full-time sampling at a wide interval tells how many objects
// and how much of the total is ours; short windows without inlining tell whose they are (see heapWindow.ts).

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { LongWork } from "../../ownCost.ts";
import type { Operation } from "../../sampling/meter.ts";
import { ThreadBoard } from "../../threadBoard.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { intervalFor } from "./heapInterval.ts";
import { HeapRows } from "./heapRows.ts";
import { HeapSampler } from "./heapSampler.ts";
import { HeapWindow } from "./heapWindow.ts";
import { InspectorWatch } from "./inspectorWatch.ts";

const REQUEST_STARTED = "http.server.request.start";
const BEAT_MILLIS = 500;
/** The sampler keeps every sample until it is stopped. */
const ROTATE_MILLIS = 5_000;
/** In one rotation; a server that allocates gigabytes a second is sampled wider. */
const MOST_SAMPLES = 5_000;
/** Without windows the rows themselves come from full-time sampling: sooner, so that they are live. */
const ROTATE_ROWS_MILLIS = 2_000;
/** From the first sign of load to the first window, then doubling up to the option's pause. */
const FIRST_MILLIS = 1_000;
const FIRST_PAUSE_MILLIS = 2_000;
/** A thread that serves no HTTP is under load when it allocates this fast. */
const BUSY_BYTES_PER_SECOND = 256 * 1024;
/** Peers would all be slow in the same second: each stretches its pauses a little differently. */
const PAUSE_SPREAD = 0.2;
/** Mean size of an object while no sample tells one: a few fields. Only the count hangs on it. */
const ASSUMED_BYTES = 64;
/** Weight of what was known before, when new samples tell the mean object's size and our own share. */
const MEMORY = 0.7;

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
  private rotatedAt = 0;
  private rotations = 0;
  private window: HeapWindow | null = null;
  private windowsOn = false;
  private dueAt = Number.POSITIVE_INFINITY;
  private pauseMillis = FIRST_PAUSE_MILLIS;
  private watch: InspectorWatch | null = null;
  private requests = 0;
  private readonly onRequest = () => {
    this.requests++;
  };
  private bytesPerSecond = 0;
  private busy = false;
  /** It was said that another tool samples this heap. */
  private taken = false;
  private ownMicros = 0;
  private readonly work = new LongWork();
  private depth = 0;
  private windowMicros = 0;
  /** Of late: what the server allocated and what we did, in samples' bytes. */
  private serverBytes = 0;
  private ownBytes = 0;
  /** Of late: objects of known size. */
  private sized = { bytes: 0, objects: 0 };
  private sizesFromWindow = false;

  unavailable(): string | null {
    return process.features.inspector ? null : "This Node was built without the inspector.";
  }

  start(context: ProbeContext): void {
    this.context = context;
    this.operation = context.meter.operation("objects", "");
    this.sampler = HeapSampler.open();
    this.board = ThreadBoard.open();
    this.epoch = this.board.epoch;
    this.windowsOn = context.options.heapWindowMillis > 0;
    if (!this.windowsOn) {
      const text =
        "Windows without inlining are turned off: what an inlined function allocates is charged to its caller.";
      context.notice({ code: "probe-unavailable", severity: "info", text });
    }
    this.watch = new InspectorWatch(() => this.quietly(() => this.makeWay()));
    subscribe(REQUEST_STARTED, this.onRequest);
    this.sampleFullTime();
    this.timer = setInterval(() => this.quietly(() => this.beat()), BEAT_MILLIS);
    this.timer.unref();
  }

  collect(draft: WindowDraft): void {
    const { context, operation } = this;
    if (context === null || operation === null) return;
    draft.own.windowMicros += this.ownMicros;
    draft.own.heapWindowMicros += this.windowMicros + (this.window?.takeMicros() ?? 0);
    this.ownMicros = 0;
    this.windowMicros = 0;
    // Within the window's cut, which is quiet and measured already.
    if (this.sized.objects === 0) this.rotate();
    const ourShare = this.ownBytes / (this.serverBytes + this.ownBytes || 1);
    const total = draft.thread.allocatedBytes;
    if (total === null || total === 0) return;
    const bytes = total * (1 - ourShare);
    draft.thread.allocatedBytes = bytes;
    this.bytesPerSecond = (total * 1e6) / Math.max(1, draft.wallMicros);
    this.busy = this.bytesPerSecond * (1 - ourShare) > BUSY_BYTES_PER_SECOND;
    const { bytes: sizedBytes, objects } = this.sized;
    const meanBytes = objects === 0 ? ASSUMED_BYTES : sizedBytes / objects;
    context.meter.addTotal(operation, Math.max(1, bytes / meanBytes), bytes);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    unsubscribe(REQUEST_STARTED, this.onRequest);
    this.watch?.stop();
    this.window?.close();
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
      if (this.watch?.coverage !== true) sampler.deoptimise();
    }
    const loaded = this.requests > 0 || this.busy;
    if (this.dueAt === Number.POSITIVE_INFINITY && loaded) this.dueAt = now() + FIRST_MILLIS - BEAT_MILLIS;
    else if (this.windowsOn && loaded && now() >= this.dueAt) this.openWindow(sampler, board);
    else if (now() - this.rotatedAt >= (this.windowsOn ? ROTATE_MILLIS : ROTATE_ROWS_MILLIS)) this.rotate();
  }

  private openWindow(sampler: HeapSampler, board: ThreadBoard): void {
    const context = this.context as ProbeContext;
    if (this.watch?.coverage === true) {
      this.windowsOn = false;
      const text =
        "The process collects code coverage, which an inlining-correct window would end: allocation by function comes from full-time sampling, which charges an inlined function's to its caller.";
      context.notice({ code: "coverage", severity: "info", text });
      return;
    }
    if (!board.takeFlags()) return;
    this.requests = 0;
    this.learn(null);
    const window = new HeapWindow(
      sampler,
      board,
      context.options,
      this.bytesPerSecond,
      context.meter.stacks,
      {
        quietly: (action) => this.quietly(action),
        done: (rows) => this.endWindow(rows),
      },
    );
    if (window.open()) {
      this.window = window;
      return;
    }
    this.dueAt = now() + context.options.heapWindowPauseMillis;
    if (this.taken) return;
    this.taken = true;
    context.notice({
      code: "probe-unavailable",
      severity: "warning",
      text: "Another tool samples this heap: allocation by function is not measured while it does.",
    });
  }

  private endWindow(rows: HeapRows): void {
    const { context, board } = this;
    this.windowMicros += this.window?.takeMicros() ?? 0;
    this.window = null;
    if (context === null || board === null) return;
    this.epoch = board.epoch;
    this.learn(rows, true);
    const spread = 1 + PAUSE_SPREAD * (2 * Math.random() - 1);
    const longest = Math.max(context.options.heapWindowPauseMillis, 0);
    this.dueAt = now() + Math.min(this.pauseMillis, longest) * spread;
    this.pauseMillis *= 2;
    this.sampleFullTime();
  }

  /** The user's code is about to switch on what a window or our sampling would switch off. */
  private makeWay(): void {
    this.windowMicros += this.window?.takeMicros() ?? 0;
    this.window?.close();
    this.window = null;
    this.sampler?.stop();
    this.rotatedAt = now();
  }

  private sampleFullTime(): void {
    const { sampler, context } = this;
    if (sampler === null || context === null) return;
    this.rotatedAt = now();
    const expected = (this.bytesPerSecond * ROTATE_MILLIS) / 1000;
    sampler.start(intervalFor(context.options.heapIntervalBytes, expected, MOST_SAMPLES, this.rotations++));
  }

  private rotate(): void {
    if (this.window !== null) return;
    this.learn(null);
    this.sampleFullTime();
  }

  /** Ends full-time sampling (or takes a window's rows): their rows, mean size and our share. */
  private learn(finished: HeapRows | null, exact = false): void {
    const { sampler, context, operation } = this;
    if (sampler === null || context === null || operation === null) return;
    let rows = finished;
    if (rows === null) {
      rows = new HeapRows(context.meter.stacks);
      const { intervalBytes } = sampler;
      const profile = sampler.stop();
      if (profile === null) return;
      rows.add(profile, intervalBytes);
    }
    this.ownBytes = this.ownBytes * MEMORY + rows.ownBytes;
    this.serverBytes = this.serverBytes * MEMORY + rows.serverBytes;
    // Full-time sampling's wide interval hardly tells sizes apart: it counts only until the first window.
    if (this.sizesFromWindow && !exact && this.windowsOn) return;
    const sized = rows.finish(operation, exact || !this.windowsOn ? context.meter : null);
    const memory = exact === this.sizesFromWindow ? MEMORY : 0;
    this.sizesFromWindow = exact;
    this.sized = {
      bytes: this.sized.bytes * memory + sized.bytes,
      objects: this.sized.objects * memory + sized.objects,
    };
  }

  private quietly(action: () => void): void {
    const { context } = this;
    if (context === null) return;
    // A beat may end in another one: only the outermost is counted.
    const outermost = this.depth++ === 0;
    if (outermost) this.work.start();
    context.meter.quiet++;
    try {
      context.faults.guard(this.name, undefined, action);
    } finally {
      context.meter.quiet--;
      this.depth--;
      if (outermost) this.ownMicros += this.work.stop();
    }
  }
}
