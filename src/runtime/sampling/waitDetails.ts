// Runtime: what sampled waits tell beside their length and holder: the lock's key, who let the waiter in, and how long
// the queue was.

import { type LockKeyRow, MAX_KEY_LENGTH, MAX_KEYS, type WaitRow } from "../../protocol/window.ts";

/** Of one sampled wait; its lock's probe fills in what it knows. */
export interface WaitDetail {
  /** The user's own data. Empty: the lock has none. */
  key: string;
  /** How many wait when it begins, itself included; 0: not known. */
  queue: number;
  /** Stack of the call that lets it in, 0: not known. */
  releaser: number;
  /** For how long the holder had it, where that is known. */
  heldMicros?: number;
}

/** Distinct (operation, stack, key, releaser) kept in one window. */
const MAX_ROWS = 2_048;
const OTHER_KEYS = "(other keys)";

type Sums = [
  amount: number,
  queued: number,
  length: number,
  longest: number,
  held?: number,
  longestHeld?: number,
];

export class WaitDetails {
  private readonly keys = new Map<string, number>();
  private fresh: LockKeyRow[] = [];
  private rows = new Map<string, Sums>();

  add(operation: number, stack: number, weight: number, amount: number, detail: WaitDetail): void {
    const { key, queue, releaser, heldMicros } = detail;
    if (key === "" && queue === 0 && releaser === 0) return;
    const name = `${operation},${stack},${this.idOf(key)},${releaser}`;
    let sums = this.rows.get(name);
    if (sums === undefined) {
      if (this.rows.size >= MAX_ROWS) return;
      sums = [0, 0, 0, 0];
      this.rows.set(name, sums);
    }
    sums[0] += weight * amount;
    if (queue === 0) return;
    sums[1] += weight;
    sums[2] += weight * queue;
    sums[3] = Math.max(sums[3], queue);
    if (heldMicros === undefined) return;
    sums[4] = (sums[4] ?? 0) + weight * heldMicros;
    sums[5] = Math.max(sums[5] ?? 0, heldMicros);
  }

  /** Nothing where there is nothing. */
  /** Rows that nobody is to see; keys that were named keep their names. */
  discard(): void {
    this.rows = new Map();
  }

  drain(): { lockKeys?: LockKeyRow[]; waits?: WaitRow[] } {
    const { fresh, rows } = this;
    if (rows.size === 0) return {};
    this.fresh = [];
    this.rows = new Map();
    const waits = [...rows].map(([name, sums]): WaitRow => {
      const [operation = 0, stack = 0, key = 0, releaser = 0] = name.split(",").map(Number);
      return [operation, stack, key, releaser, ...sums];
    });
    return fresh.length > 0 ? { lockKeys: fresh, waits } : { waits };
  }

  /** From 1; 0 is none. */
  private idOf(key: string): number {
    if (key === "") return 0;
    const text = key.length > MAX_KEY_LENGTH ? `${key.slice(0, MAX_KEY_LENGTH - 1)}…` : key;
    const known = this.keys.get(text);
    if (known !== undefined) return known;
    if (this.keys.size >= MAX_KEYS - 1 && text !== OTHER_KEYS) return this.idOf(OTHER_KEYS);
    const id = this.keys.size + 1;
    this.keys.set(text, id);
    this.fresh.push([id, text]);
    return id;
  }
}
