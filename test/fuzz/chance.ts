// Fuzzing: chance that a seed brings back.

import { seeded } from "../unit/seeded.ts";

export class Chance {
  private readonly next: () => number;

  constructor(readonly seed: number) {
    this.next = seeded(seed);
  }

  /** 0 to `end` - 1. */
  below(end: number): number {
    return Math.min(end - 1, Math.floor(this.next() * end));
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.below(256);
    return bytes;
  }
}
