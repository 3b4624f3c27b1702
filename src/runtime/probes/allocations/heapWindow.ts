// Runtime: one window in which allocation samples are exact by function. V8 charges what an inlined function
// allocates to the function it was inlined into: on a program whose ten sites all inline into one handler the
// total-variation distance to the truth was 0.96. So for a second: inlining off, all code deoptimised so that it
// is compiled anew without, dense sampling; then everything back.

import type { ThreadBoard } from "../../threadBoard.ts";
import type { HeapSampler, SamplingProfile } from "./heapSampler.ts";
import { inliningOff, inliningOn } from "./inlining.ts";

const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

/** Code takes as long to be compiled beside the running server, seldom longer. */
const SETTLE_MILLIS = 60;

export interface WindowOwner {
  quietly(action: () => void): void;
  /** Everything is as before. */
  closed(profile: SamplingProfile | null, intervalBytes: number): void;
}

export class HeapWindow {
  private timer: NodeJS.Timeout | null = null;
  private toldUntil = 0;
  private opened = false;

  constructor(
    private readonly sampler: HeapSampler,
    private readonly board: ThreadBoard,
    private readonly owner: WindowOwner,
  ) {}

  /** False when this heap is sampled by somebody else; then nothing was changed. The caller owns the flags. */
  open(intervalBytes: number, millis: number): boolean {
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
    this.after(SETTLE_MILLIS, () => this.sample(intervalBytes, millis));
    return true;
  }

  /** What V8 was compiling when the window opened is there now, with inlining: away with it. */
  private sample(intervalBytes: number, millis: number): void {
    let sampling = false;
    try {
      this.sampler.deoptimise();
      sampling = this.sampler.start(intervalBytes);
    } finally {
      if (sampling) this.after(millis, () => this.end());
      else this.close(null, intervalBytes);
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

  private end(): void {
    const { intervalBytes } = this.sampler;
    let profile: SamplingProfile | null = null;
    try {
      profile = this.sampler.stop();
    } finally {
      this.close(profile, intervalBytes);
    }
  }

  /** Whatever happened, the flags must not stay. */
  private close(profile: SamplingProfile | null, intervalBytes: number): void {
    this.restore();
    this.owner.closed(profile, intervalBytes);
  }

  private restore(): void {
    this.opened = false;
    inliningOn();
    this.sampler.deoptimise();
    this.board.giveFlagsBack();
  }
}
