// Runtime: one window in which allocation samples are exact by function. V8 charges what an inlined function
// allocates to the function it was inlined into: on a program whose ten sites all inline into one handler the
// total-variation distance to the truth was 0.96. So for a second: inlining off, all code deoptimised so that it
// is compiled anew without, dense sampling; then everything back.

import type { SamplingOptions } from "../../../protocol/wire.ts";
import type { StackTable } from "../../sampling/stackTable.ts";
import type { ThreadBoard } from "../../threadBoard.ts";
import { HeapRows } from "./heapRows.ts";
import type { HeapSampler } from "./heapSampler.ts";
import { inliningOff, inliningOn } from "./inlining.ts";

/** Each part has an interval of its own, by which object sizes are told apart (see objectSizes.ts). */
const PARTS = [1, 0.9844, 0.9688, 0.9531];
/** Enough for 7 % at a function with a tenth of the bytes: a busy server's window ends early. */
const ENOUGH_SAMPLES = 2_000;

const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

export interface WindowOwner {
  quietly(action: () => void): void;
  done(rows: HeapRows): void;
}

export class HeapWindow {
  private readonly rows: HeapRows;
  private part = 0;
  private timer: NodeJS.Timeout | null = null;
  private toldUntil = 0;
  private opened = false;

  constructor(
    private readonly sampler: HeapSampler,
    private readonly board: ThreadBoard,
    private readonly options: SamplingOptions,
    stacks: StackTable,
    private readonly owner: WindowOwner,
  ) {
    this.rows = new HeapRows(stacks);
  }

  /** False when this heap is sampled by somebody else; then nothing was changed. The caller owns the flags. */
  open(): boolean {
    this.toldUntil = now();
    this.opened = true;
    inliningOff();
    this.sampler.deoptimise();
    if (this.samplePart()) return true;
    this.restore();
    return false;
  }

  /** Microseconds inside the window since the last call. */
  takeMicros(): number {
    if (!this.opened) return 0;
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
    const interval = Math.round(this.options.heapWindowIntervalBytes * (PARTS[this.part] ?? 1));
    if (!this.sampler.start(interval)) return false;
    this.timer = setTimeout(
      () => this.owner.quietly(() => this.endPart()),
      this.options.heapWindowMillis / PARTS.length,
    );
    this.timer.unref();
    return true;
  }

  private endPart(): void {
    const { intervalBytes } = this.sampler;
    const profile = this.sampler.stop();
    if (profile !== null) this.rows.add(profile, intervalBytes);
    this.part++;
    if (this.part < PARTS.length && this.rows.samples < ENOUGH_SAMPLES && this.samplePart()) return;
    this.restore();
    this.owner.done(this.rows);
  }

  private restore(): void {
    inliningOn();
    this.sampler.deoptimise();
    this.board.giveFlagsBack();
    this.timer = null;
  }
}
