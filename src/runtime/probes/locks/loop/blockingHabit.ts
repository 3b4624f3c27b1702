// Runtime: whether a server blocks its loop, or was held up now and then: by a collection of the whole heap, code that is
// compiled, a machine that is busy. What is no habit is not told.

import type { Block } from "./loopWatch.ts";

/** So many blocks within so long, or one this long, … */
const BLOCKS = 3;
const MEMORY_MILLIS = 10_000;
const LONG_MILLIS = 150;
/** … for which requests wait so long in all, and this part of their time. */
const LEAST_MICROS = 100_000;
const LEAST_SHARE = 0.01;
const MOST_KEPT = 1_000;

interface Wait {
  readonly block: Block;
  readonly micros: number;
  told: boolean;
}

export class BlockingHabit {
  blocks = false;
  /** Of the last ten seconds. */
  private waits: Wait[] = [];
  /** How long requests took: in this stretch of ten seconds, and in the one before. */
  private millis = 0;
  private millisBefore = 0;
  private since = 0;

  /** A request has ended. */
  request(at: number, millis: number): void {
    if (at - this.since > MEMORY_MILLIS) {
      this.millisBefore = at - this.since > 2 * MEMORY_MILLIS ? 0 : this.millis;
      this.millis = 0;
      this.since = at;
    }
    this.millis += millis;
  }

  /** The waits that are to be told now, microseconds. */
  add(block: Block, micros: number): readonly number[] {
    this.waits = this.waits.filter((wait) => block.to - wait.block.to <= MEMORY_MILLIS);
    if (this.waits.length >= MOST_KEPT) this.waits.shift();
    this.waits.push({ block, micros, told: false });
    this.blocks = this.isHabit(block);
    if (!this.blocks) return [];
    const untold = this.waits.filter(({ told }) => !told);
    for (const wait of untold) wait.told = true;
    return untold.map((wait) => wait.micros);
  }

  private isHabit({ from, to }: Block): boolean {
    let waited = 0;
    let blocks = 0;
    let last: Block | null = null;
    for (const wait of this.waits) {
      waited += wait.micros;
      if (wait.block !== last) blocks++;
      last = wait.block;
    }
    if (waited < LEAST_MICROS || waited < (this.millis + this.millisBefore) * 1000 * LEAST_SHARE)
      return false;
    return blocks >= BLOCKS || to - from >= LONG_MILLIS;
  }
}
