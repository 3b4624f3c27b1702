// Runtime: one window in which allocation samples are exact by function. V8 charges what an inlined function
// allocates to the function it was inlined into: on a program whose ten sites all inline into one handler the
// total-variation distance to the truth was 0.96. So for a second: inlining off, all code deoptimised so that it
// is compiled anew without, dense sampling; then everything back.

import type { ThreadBoard } from "../../threadBoard.ts";
import type { HeapSampler, SamplingProfile } from "./heapSampler.ts";
import { inliningOff, inliningOn } from "./inlining.ts";

const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

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
    this.opened = true;
    let sampling = false;
    try {
      inliningOff();
      this.sampler.deoptimise();
      sampling = this.sampler.start(intervalBytes);
    } finally {
      if (!sampling) this.restore();
    }
    if (!sampling) return false;
    this.toldUntil = now();
    this.timer = setTimeout(() => this.owner.quietly(() => this.end()), millis);
    this.timer.unref();
    return true;
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
      // Whatever happened, the flags must not stay.
      this.restore();
      this.owner.closed(profile, intervalBytes);
    }
  }

  private restore(): void {
    this.opened = false;
    inliningOn();
    this.sampler.deoptimise();
    this.board.giveFlagsBack();
  }
}
