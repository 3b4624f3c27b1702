// Runtime: events that are counted one by one, and whose parts are sized only where a stack is taken.

import type { CellRow } from "../../protocol/wire.ts";
import { sizeClassOf } from "./sizeClasses.ts";

/** Before the first is measured. */
const SIZE_GUESS = 1_024;

export class SizedEvents {
  count = 0;
  /** Mean amount of all parts together, from the latest samples. */
  mean = SIZE_GUESS;
  /** Of the sampled events. */
  private weight = 0;
  /** By part and size class: sums of the weights, and of weight times amount. */
  private readonly parts: Map<number, [weights: number, amounts: number]>[];

  /** @param operations ids, one a part */
  constructor(private readonly operations: readonly number[]) {
    this.parts = operations.map(() => new Map());
  }

  /** One of the counted events, by its parts; a part of 0 is none. */
  add(weight: number, amounts: readonly number[]): void {
    this.weight += weight;
    for (const [place, classes] of this.parts.entries()) {
      const amount = amounts[place] ?? 0;
      if (amount <= 0) continue;
      const sizeClass = sizeClassOf(amount);
      const [weights, sum] = classes.get(sizeClass) ?? [0, 0];
      classes.set(sizeClass, [weights + weight, sum + weight * amount]);
    }
  }

  /** The cells since the last call: what was sampled, scaled to the count. */
  take(): CellRow[] {
    const { count, weight, mean, operations } = this;
    this.count = 0;
    this.weight = 0;
    if (count === 0) return [];
    if (weight === 0) return [[operations[0] as number, sizeClassOf(mean), count, count * mean]];
    const cells: CellRow[] = [];
    let sum = 0;
    for (const [place, classes] of this.parts.entries()) {
      for (const [sizeClass, [weights, amounts]] of classes) {
        const operation = operations[place] as number;
        cells.push([operation, sizeClass, (weights * count) / weight, (amounts * count) / weight]);
        sum += amounts;
      }
      classes.clear();
    }
    this.mean = Math.max(1, sum / weight);
    return cells;
  }
}
