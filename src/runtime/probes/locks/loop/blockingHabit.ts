// Runtime: whether a server blocks its loop, or was held up once: a collection of the whole heap, code that is compiled, a
// machine that is busy. What is no habit is not told.

import type { Block } from "./loopWatch.ts";

/** So many blocks within so long, or one this long, and so much waiting for them, are a habit. */
const BLOCKS = 3;
const MEMORY_MILLIS = 10_000;
const LONG_MILLIS = 150;
const LEAST_MICROS = 100_000;
const MOST_KEPT = 1_000;

interface Wait {
  readonly block: Block;
  readonly micros: number;
}

export class BlockingHabit {
  /** Of late. */
  blocks = false;
  private waits: Wait[] = [];
  private lastAt = 0;

  /** The waits that are to be told now, microseconds. */
  add(block: Block, micros: number): readonly number[] {
    if (block.to - this.lastAt > MEMORY_MILLIS) this.blocks = false;
    this.lastAt = block.to;
    if (this.blocks) return [micros];
    this.waits = this.waits.filter((wait) => block.to - wait.block.to <= MEMORY_MILLIS);
    if (this.waits.length < MOST_KEPT) this.waits.push({ block, micros });
    if (!this.isHabit(block)) return [];
    this.blocks = true;
    const told = this.waits.map((wait) => wait.micros);
    this.waits = [];
    return told;
  }

  private isHabit({ from, to }: Block): boolean {
    const waited = this.waits.reduce((sum, { micros }) => sum + micros, 0);
    if (waited < LEAST_MICROS) return false;
    return to - from >= LONG_MILLIS || new Set(this.waits.map(({ block }) => block)).size >= BLOCKS;
  }
}
