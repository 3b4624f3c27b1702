// Runtime: the samples of one window, summed by operation, size class, stack and holder. Bounded.

import type { SampleRow } from "../../protocol/window.ts";
import { CLASSES } from "./sizeClasses.ts";

/** Keys hold operation, class, stack and holder in 53 bits (see `StackTable.capacity`). */
const STACK_SPAN = 2 ** 19;
const MAX_ROWS = 4_096;
/** Of the samples' number: an effective number that is less below it says nothing. */
const ABOUT_EQUAL = 0.01;

/** `squares`: of the amounts of its samples. */
type Sums = [samples: number, count: number, amount: number, squares: number];

export class SampleRows {
  private rows = new Map<number, Sums>();
  private dropped = 0;

  /** @param squares sum of the squared amounts of the samples, as many as are worth one each */
  add(
    operation: number,
    sizeClass: number,
    stack: number,
    holder: number,
    samples: number,
    count: number,
    amount: number,
    squares: number,
  ): void {
    const key = ((operation * CLASSES + sizeClass) * STACK_SPAN + stack) * STACK_SPAN + holder;
    const row = this.rows.get(key);
    if (row !== undefined) {
      row[0] += samples;
      row[1] += count;
      row[2] += amount;
      row[3] += squares;
    } else if (this.rows.size < MAX_ROWS || stack === 0) {
      this.rows.set(key, [samples, count, amount, squares]);
    } else {
      // Without their amounts the other lines would be scaled up to them: at no line they are a row for each cell.
      this.dropped += samples;
      this.add(operation, sizeClass, 0, 0, samples, count, amount, squares);
    }
  }

  drain(): { samples: SampleRow[]; droppedSamples: number } {
    const samples: SampleRow[] = [];
    for (const [key, [count, events, amount, squares]] of this.rows) {
      const holder = key % STACK_SPAN;
      const stack = Math.floor(key / STACK_SPAN) % STACK_SPAN;
      const cell = Math.floor(key / STACK_SPAN / STACK_SPAN);
      const row = [Math.floor(cell / CLASSES), cell % CLASSES, stack, holder, count, events, amount] as const;
      const effective = squares > 0 ? (amount * amount) / squares : count;
      samples.push(effective < count * (1 - ABOUT_EQUAL) ? [...row, Number(effective.toFixed(2))] : row);
    }
    const droppedSamples = this.dropped;
    this.rows = new Map();
    this.dropped = 0;
    return { samples, droppedSamples };
  }
}
