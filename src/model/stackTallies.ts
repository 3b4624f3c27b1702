// Model: samples summed up by stratum, operation and stack, before their sites are asked for: these are looked up once a stack, not once a
// row. In columns (see pairs.ts).

import type { SampleRow } from "../protocol/window.ts";
import type { Amounts } from "./amounts.ts";
import { squaresOf } from "./coalesce.ts";
import { longer, PairIndex, PairSums } from "./pairs.ts";
import { chanceOf, countSquaresOf, type Tally } from "./tally.ts";

/** Numbers of one stack's sums: a line of the processor's cache. */
const WIDTH = 8;
const [SAMPLES, COUNT, AMOUNT, SQUARES, CHANCE, COUNT_SQUARES, UNHELD] = [0, 1, 2, 3, 4, 5, 6];
const FIRST_ROOM = 64;

export class StackTallies {
  private readonly pairs = new PairIndex();
  private sums = new Float64Array(WIDTH * FIRST_ROOM);
  private readonly workers = new PairSums();
  private readonly holders = new PairSums();

  /** How many there are: numbers from 0. */
  get count(): number {
    return this.pairs.count;
  }

  /** @param source what the row is of, as a whole number; `sourceOf` has it */
  add(source: number, row: SampleRow, worker: number): void {
    // Rows with fractions hold all their numbers as doubles.
    const tally = this.pairs.of(source, row[2] | 0);
    const at = WIDTH * tally;
    if (at === this.sums.length) this.sums = longer(this.sums);
    const { sums } = this;
    const amount = row[6];
    const squares = squaresOf(row);
    sums[at + SAMPLES] = (sums[at + SAMPLES] as number) + row[4];
    sums[at + COUNT] = (sums[at + COUNT] as number) + row[5];
    sums[at + AMOUNT] = (sums[at + AMOUNT] as number) + amount;
    sums[at + SQUARES] = (sums[at + SQUARES] as number) + squares;
    sums[at + CHANCE] = (sums[at + CHANCE] as number) + chanceOf(row, squares);
    sums[at + COUNT_SQUARES] = (sums[at + COUNT_SQUARES] as number) + countSquaresOf(row);
    this.workers.add(tally, worker, amount);
    // Most have no holder: these are by themselves.
    const holder = row[3] | 0;
    if (holder === 0) sums[at + UNHELD] = (sums[at + UNHELD] as number) + amount;
    else this.holders.add(tally, holder, amount);
  }

  sourceOf(tally: number): number {
    return this.pairs.firstOf(tally);
  }

  stackOf(tally: number): number {
    return this.pairs.secondOf(tally);
  }

  /** Makes `to` this tally. */
  read(tally: number, to: Tally): void {
    const { sums } = this;
    const at = WIDTH * tally;
    to.samples = sums[at + SAMPLES] as number;
    to.count = sums[at + COUNT] as number;
    to.amount = sums[at + AMOUNT] as number;
    to.squares = sums[at + SQUARES] as number;
    to.chance = sums[at + CHANCE] as number;
    to.countSquares = sums[at + COUNT_SQUARES] as number;
  }

  addWorkers(tally: number, to: Amounts<number>): void {
    this.workers.each(tally, (worker, amount) => to.add(worker, amount));
  }

  /** By the holder's stack, 0: none. */
  addHolders(tally: number, to: Amounts<number>): void {
    const unheld = this.sums[WIDTH * tally + UNHELD] as number;
    if (unheld > 0) to.add(0, unheld);
    this.holders.each(tally, (holder, amount) => to.add(holder, amount));
  }
}
