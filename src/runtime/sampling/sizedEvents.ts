// Runtime: events that are counted one by one, and whose parts are sized only where a stack is taken.

import type { CellRow } from "../../protocol/window.ts";
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
  /** The cells of one event, from the latest samples. */
  private usual: readonly CellRow[] = [];

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

  /** The cells since the last call: what was sampled, scaled to the count. Without a sample as they were before. */
  take(): CellRow[] {
    const { count, weight } = this;
    this.count = 0;
    if (weight > 0) this.learn();
    return count === 0
      ? []
      : this.usual.map(([operation, sizeClass, events, amount]) => [
          operation,
          sizeClass,
          events * count,
          amount * count,
        ]);
  }

  private learn(): void {
    const { weight, operations } = this;
    this.usual = this.parts.flatMap((classes, place) =>
      [...classes].map(([sizeClass, [weights, amounts]]): CellRow => {
        const operation = operations[place] as number;
        return [operation, sizeClass, weights / weight, amounts / weight];
      }),
    );
    this.mean = Math.max(
      1,
      this.usual.reduce((sum, [, , , amount]) => sum + amount, 0),
    );
    this.weight = 0;
    for (const classes of this.parts) classes.clear();
  }
}
