// Runtime: exact totals of one window by operation and size class, and how long events took of operations that are timed.

import type { CellRow } from "../../protocol/window.ts";
import { CallTimes } from "./callTimes.ts";
import { CLASSES, sizeClassOf } from "./sizeClasses.ts";

/** Count and amount. */
const CELL = 2;

export class ExactCells {
  private readonly cells: Float64Array;
  /** 1: the operation has cells that are not 0. */
  private readonly touched: Uint8Array;
  private readonly times = new Map<number, CallTimes>();

  constructor(operations: number) {
    this.cells = new Float64Array(operations * CLASSES * CELL);
    this.touched = new Uint8Array(operations);
  }

  /** Hot. Returns the size class of one event. */
  add(operation: number, count: number, amount: number): number {
    const sizeClass = sizeClassOf(amount / count);
    const at = (operation * CLASSES + sizeClass) * CELL;
    this.touched[operation] = 1;
    this.cells[at] = (this.cells[at] as number) + count;
    this.cells[at + 1] = (this.cells[at + 1] as number) + amount;
    return sizeClass;
  }

  timesOf(operation: number): CallTimes {
    const known = this.times.get(operation);
    if (known !== undefined) return known;
    const times = new CallTimes(CLASSES);
    this.times.set(operation, times);
    return times;
  }

  /** Whether somebody asked its times. */
  timed(operation: number): boolean {
    return this.times.has(operation);
  }

  /** That an event of `amount` took so long; nothing for an operation that nobody asked the times of. */
  time(operation: number, amount: number, micros: number): void {
    this.times.get(operation)?.add(sizeClassOf(amount), micros);
  }

  drain(): CellRow[] {
    const rows: CellRow[] = [];
    for (let operation = 0; operation < this.touched.length; operation++) {
      if (this.touched[operation] === 1) this.drainOperation(operation, rows);
    }
    for (const times of this.times.values()) times.restart();
    return rows;
  }

  private drainOperation(operation: number, rows: CellRow[]): void {
    this.touched[operation] = 0;
    for (let sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
      const at = (operation * CLASSES + sizeClass) * CELL;
      const count = this.cells[at] as number;
      if (count === 0) continue;
      const row = [operation, sizeClass, count, this.cells[at + 1] as number] as const;
      const [timed, micros] = this.times.get(operation)?.take(sizeClass) ?? [0, 0];
      rows.push(timed > 0 ? [...row, timed, micros] : row);
      this.cells[at] = 0;
      this.cells[at + 1] = 0;
    }
  }
}
