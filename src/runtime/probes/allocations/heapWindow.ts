// Runtime: one window in which allocation samples are exact by function. V8 charges what an inlined function
// allocates to the function it was inlined into: on a program whose ten sites all inline into one handler the
// total-variation distance to the truth was 0.96. So for a second: inlining off, all code deoptimised so that it
// is compiled anew without, dense sampling; then for a moment only of what stays in use; then everything back.
// It is sampled in two halves of different intervals, because only two tell most objects' sizes (see heapInterval.ts).

import { getHeapStatistics } from "node:v8";
import type { ThreadBoard } from "../../threadBoard.ts";
import { collections } from "./collections.ts";
import type { HeapSampler, SamplingProfile } from "./heapSampler.ts";
import { inliningOff, inliningOn } from "./inlining.ts";

const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

/** Until the hot code is there anew: what it was compiling when the window opened V8 has dropped with the rest. */
const SETTLE_MILLIS = 60;

/** What is in use after so long is told as kept: longer than most requests take. */
const KEPT_MILLIS = 250;
/** Reading a profile collects the whole heap first: where more than this is live (some 100 ms), it is done once. */
const LARGE_BYTES = 100e6;

export interface SampledPart {
  readonly profile: SamplingProfile;
  readonly intervalBytes: number;
}

export interface WindowOwner {
  quietly(action: () => void): void;
  /** All objects that were allocated, in parts of the time of one interval each. */
  sampled(parts: readonly SampledPart[]): void;
  /** Those of another while that were in use at its end, and all bytes that were allocated in it. */
  kept(profile: SamplingProfile, intervalBytes: number, allocatedBytes: number): void;
  /** Everything is as before. */
  closed(): void;
}

export class HeapWindow {
  private timer: NodeJS.Timeout | null = null;
  private toldUntil = 0;
  private opened = false;
  private readonly parts: SampledPart[] = [];

  constructor(
    private readonly sampler: HeapSampler,
    private readonly board: ThreadBoard,
    private readonly owner: WindowOwner,
  ) {}

  /**
   * False when this heap is sampled by somebody else; then nothing was changed. The caller owns the flags.
   * @param intervals of its parts
   * @param millis of all of them
   */
  open(intervals: readonly number[], millis: number): boolean {
    if (this.sampler.taken) {
      this.board.giveFlagsBack();
      return false;
    }
    this.opened = true;
    let open = false;
    try {
      inliningOff();
      this.sampler.deoptimise();
      open = true;
    } finally {
      if (!open) this.restore();
    }
    this.toldUntil = now();
    this.after(SETTLE_MILLIS, () => {
      const parts = isLarge() ? intervals.slice(0, 1) : intervals;
      this.sample(parts, millis / parts.length);
    });
    return true;
  }

  private sample([intervalBytes = 0, ...others]: readonly number[], millis: number): void {
    let sampling = false;
    try {
      sampling = this.sampler.start(intervalBytes, true);
    } finally {
      if (sampling) this.after(millis, () => this.next(intervalBytes, others, millis));
      else this.close();
    }
  }

  private next(intervalBytes: number, others: readonly number[], millis: number): void {
    let read = false;
    try {
      const profile = this.sampler.stop();
      if (profile !== null) this.parts.push({ profile, intervalBytes });
      read = true;
    } finally {
      if (!read) this.close();
      else if (others.length > 0) this.sample(others, millis);
      else this.keep(intervalBytes);
    }
  }

  private after(millis: number, action: () => void): void {
    this.timer = setTimeout(() => this.owner.quietly(action), millis);
    this.timer.unref();
  }

  /** Microseconds inside the window since the last call. */
  takeMicros(): number {
    const until = now();
    const micros = (until - this.toldUntil) * 1000;
    this.toldUntil = until;
    return micros;
  }

  /** Puts everything back at once; what was sampled is lost. */
  abandon(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (!this.opened) return;
    this.sampler.stop();
    this.restore();
  }

  private keep(intervalBytes: number): void {
    let sampling = false;
    try {
      const large = isLarge();
      if (this.parts.length > 0) this.owner.sampled(this.parts);
      const before = collections.allocatedBytes;
      sampling = !large && before !== null && this.sampler.start(intervalBytes, false);
      collections.seesAll = sampling;
      if (sampling) this.after(KEPT_MILLIS, () => this.end(intervalBytes, before ?? 0));
    } finally {
      if (!sampling) this.close();
    }
  }

  private end(intervalBytes: number, before: number): void {
    try {
      const allocated = (collections.allocatedBytes ?? 0) - before;
      const profile = this.sampler.stop();
      if (profile !== null) this.owner.kept(profile, intervalBytes, allocated);
    } finally {
      this.close();
    }
  }

  /** Whatever happened, the flags must not stay. */
  private close(): void {
    this.restore();
    this.owner.closed();
  }

  private restore(): void {
    collections.seesAll = false;
    this.opened = false;
    inliningOn();
    this.sampler.deoptimise();
    this.board.giveFlagsBack();
  }
}

function isLarge(): boolean {
  return getHeapStatistics().used_heap_size > LARGE_BYTES;
}
