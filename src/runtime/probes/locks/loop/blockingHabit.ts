// Runtime: whether a server blocks its loop, or was held up now and then: by code that is compiled, a machine that is busy.
// What is no habit is not told, nor is what was collections of garbage: these are known some turns later.

import { type Block, LEAST_BLOCK_MILLIS } from "./loopWatch.ts";

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

  /** @param collecting milliseconds of a span that were collections */
  constructor(private readonly collecting: (span: Block) => number) {}

  /** Of the last ten seconds. */
  private waits: Wait[] = [];
  /** Of which it is not known yet what they were for. */
  private unsettled: { readonly block: Block; readonly micros: number }[] = [];
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

  /** A request waited for a block, so many microseconds. */
  waited(block: Block, micros: number): void {
    if (this.unsettled.length < MOST_KEPT) this.unsettled.push({ block, micros });
  }

  /** Of what ended before then, milliseconds, the waits that are to be told now, microseconds. */
  settle(before: number): readonly number[] {
    const settled = this.unsettled.filter(({ block }) => block.to < before);
    this.unsettled = this.unsettled.filter(({ block }) => block.to >= before);
    return settled.flatMap(({ block, micros }) => {
      const part = this.blockedPart(block);
      return part === 0 ? [] : this.add(block, micros * part);
    });
  }

  /** The part of a block that was no collection; 0 where that was too short for one. */
  blockedPart(block: Block): number {
    const millis = block.to - block.from;
    const blocked = millis - this.collecting(block);
    return blocked < LEAST_BLOCK_MILLIS ? 0 : blocked / millis;
  }

  private add(block: Block, micros: number): readonly number[] {
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
