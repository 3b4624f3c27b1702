// Runtime: how a thread's allocated bytes are found. All of it is called between collections.

import { getHeapStatistics } from "node:v8";

/** Collections that ended, and markings of the whole heap that began, since the last time. */
export interface Counted {
  readonly minor: number;
  readonly major: number;
  readonly marking: number;
}

export interface ByteCount {
  start(): void;
  /** Told soon after, not at once. */
  collected(counted: Counted): void;
  /** Bytes since the last call. */
  take(): number;
  /** What is allocated between the two is our own. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Node 26: V8 counts them itself. */
export class V8Count implements ByteCount {
  private before = 0;
  private sum = 0;

  static available(): boolean {
    return typeof allocatedSoFar() === "number";
  }
  start(): void {
    this.resume();
  }
  collected(): void {
    // V8 counts without them.
  }
  take(): number {
    this.pause();
    const { sum } = this;
    this.sum = 0;
    return sum;
  }
  pause(): void {
    const total = allocatedSoFar() ?? 0;
    this.sum += total - this.before;
    this.before = total;
  }
  resume(): void {
    this.before = allocatedSoFar() ?? 0;
  }
  stop(): void {
    // Nothing runs.
  }
}

function allocatedSoFar(): number | undefined {
  return (getHeapStatistics() as { total_allocated_bytes?: number }).total_allocated_bytes;
}
