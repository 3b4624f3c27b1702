// Model: samples summed up: of a stratum, of a site, of a stack. What their errors follow from is summed with them.

import type { SampleRow } from "../protocol/window.ts";
import { Amounts } from "./amounts.ts";
import { squaresOf } from "./coalesce.ts";
import type { Site } from "./sites.ts";

/** Summed sample rows. */
export class Tally {
  samples = 0;
  count = 0;
  amount = 0;
  /** Of its samples' amounts, from which the effective number follows. */
  squares = 0;
  /** The same, of what chance has a part in: a sample that stands for itself alone adds nothing. */
  chance = 0;
  /** Of the numbers of events that its samples stand for. */
  countSquares = 0;

  /** By index: of millions of rows, taking them apart is most of the work. */
  add(row: SampleRow): void {
    const samples = row[4];
    const count = row[5];
    const amount = row[6];
    const squares = squaresOf(row);
    this.samples += samples;
    this.count += count;
    this.amount += amount;
    this.squares += squares;
    this.chance += chanceOf(row, squares);
    this.countSquares += countSquaresOf(row);
  }

  clear(): void {
    this.samples = 0;
    this.count = 0;
    this.amount = 0;
    this.squares = 0;
    this.chance = 0;
    this.countSquares = 0;
  }

  addAll(other: Tally): void {
    this.samples += other.samples;
    this.count += other.count;
    this.amount += other.amount;
    this.squares += other.squares;
    this.chance += other.chance;
    this.countSquares += other.countSquares;
  }

  /** As many equal samples would be as good as these unequal ones. */
  get effective(): number {
    return this.squares > 0
      ? Math.min(this.samples, (this.amount * this.amount) / this.squares)
      : this.samples;
  }
}

export class SiteTally extends Tally {
  /** Of objects: what another sample found still in use after a while. */
  keptSamples = 0;
  keptBytes = 0;
  readonly byWorker = new Amounts<number>();
  readonly stacks = new Amounts<number>();
  readonly holders = new Amounts<number>();
  readonly callees = new Amounts<string>();
  constructor(readonly site: Site) {
    super();
  }

  /** A share of it, as a site of its own that has only some of its stacks. */
  part(share: number, site: Site, has: (stack: number) => boolean): SiteTally {
    const part = new SiteTally(site);
    part.samples = this.samples * share;
    part.count = this.count * share;
    part.amount = this.amount * share;
    part.squares = this.squares * share;
    part.chance = this.chance * share;
    part.countSquares = this.countSquares * share;
    part.keptSamples = this.keptSamples * share;
    part.keptBytes = this.keptBytes * share;
    part.byWorker.addAll(this.byWorker, share);
    part.holders.addAll(this.holders, share);
    for (const [stack, amount] of this.stacks) if (has(stack)) part.stacks.add(stack, amount);
    // What is its own calls nothing.
    for (const [callee, amount] of this.callees)
      if (!site.own && callee !== "") part.callees.add(callee, amount);
    return part;
  }
}

/** Of a row's squares, what chance has a part in. */
export function chanceOf(row: SampleRow, squares: number): number {
  return row[5] > row[4] ? squares * (1 - row[4] / row[5]) : 0;
}

export function countSquaresOf(row: SampleRow): number {
  return row[4] > 0 ? (row[5] * row[5]) / row[4] : 0;
}
