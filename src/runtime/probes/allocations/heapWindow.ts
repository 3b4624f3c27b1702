// Runtime: one window in which allocation samples are exact by function. V8 charges what an inlined function
// allocates to the function it was inlined into: on a program whose ten sites all inline into one handler the
// total-variation distance to the truth was 0.96. So for a second: inlining off, all code deoptimised so that it
// is compiled anew without, dense sampling; then everything back.

import type { SamplingOptions } from "../../../protocol/wire.ts";
import type { StackTable } from "../../sampling/stackTable.ts";
import type { ThreadBoard } from "../../threadBoard.ts";
import { intervalFor } from "./heapInterval.ts";
import { HeapRows } from "./heapRows.ts";
import type { HeapSampler } from "./heapSampler.ts";
import { inliningOff, inliningOn } from "./inlining.ts";

/** Each has an interval of its own. */
const PARTS = 4;
/**
 * Enough for 5 % at a function with a tenth of the bytes. A server that allocates faster than the option's
 * interval allows for is sampled wider: 50,000 samples cost 100 ms to read.
 */
const ENOUGH_SAMPLES = 4_000;

const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

export interface WindowOwner {
  quietly(action: () => void): void;
  done(rows: HeapRows): void;
}

export class HeapWindow {
  private readonly rows: HeapRows;
  private readonly expectedBytes: number;
  private part = 0;
  private timer: NodeJS.Timeout | null = null;
  private toldUntil = 0;
  private opened = false;

  constructor(
    private readonly sampler: HeapSampler,
    private readonly board: ThreadBoard,
    private readonly options: SamplingOptions,
    bytesPerSecond: number,
    stacks: StackTable,
    private readonly owner: WindowOwner,
  ) {
    this.rows = new HeapRows(stacks);
    this.expectedBytes = (bytesPerSecond * options.heapWindowMillis) / 1000;
  }

  /** False when this heap is sampled by somebody else; then nothing was changed. The caller owns the flags. */
  open(): boolean {
    this.toldUntil = now();
    this.opened = true;
    let sampling = false;
    try {
      inliningOff();
      this.sampler.deoptimise();
      sampling = this.samplePart();
    } finally {
      if (!sampling) this.restore();
    }
    return sampling;
  }

  /** Microseconds inside the window since the last call. */
  takeMicros(): number {
    if (this.toldUntil === 0) return 0;
    const until = now();
    const micros = (until - this.toldUntil) * 1000;
    this.toldUntil = until;
    return micros;
  }

  /** Puts everything back; what was gathered is lost. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (!this.opened) return;
    this.sampler.stop();
    this.restore();
  }

  private samplePart(): boolean {
    const wanted = this.options.heapWindowIntervalBytes;
    const interval = intervalFor(wanted, this.expectedBytes, ENOUGH_SAMPLES, this.part);
    if (!this.sampler.start(interval)) return false;
    this.timer = setTimeout(
      () => this.owner.quietly(() => this.endPart()),
      this.options.heapWindowMillis / PARTS,
    );
    this.timer.unref();
    return true;
  }

  private endPart(): void {
    let sampling = false;
    try {
      const { intervalBytes } = this.sampler;
      const profile = this.sampler.stop();
      if (profile !== null) this.rows.add(profile, intervalBytes);
      this.part++;
      sampling = this.part < PARTS && this.rows.samples < 2 * ENOUGH_SAMPLES && this.samplePart();
    } finally {
      // Whatever happened, the flags must not stay.
      if (!sampling) {
        this.restore();
        this.owner.done(this.rows);
      }
    }
  }

  private restore(): void {
    this.opened = false;
    inliningOn();
    this.sampler.deoptimise();
    this.board.giveFlagsBack();
    this.timer = null;
  }
}
