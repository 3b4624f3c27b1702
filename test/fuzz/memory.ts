// Fuzzing: how much the process holds once all garbage is gone, and whether it grows.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** V8 and Node keep caches of their own; a leak of one object an input is far above it. */
const SLACK_BYTES = 12 * 1024 * 1024;

export class MemoryWatch {
  readonly quarters: number[] = [];

  /** After each quarter of the inputs. */
  async mark(): Promise<void> {
    // Sockets that were closed are let go a turn later.
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    this.quarters.push(heapUsed + arrayBuffers);
  }

  /** The first quarter warms up; null: it does not grow. */
  get growth(): string | null {
    const [first = 0, ...later] = this.quarters;
    const last = later.at(-1) ?? first;
    return last > first + SLACK_BYTES ? `it grew from ${megabytes(first)} to ${megabytes(last)}` : null;
  }

  toString(): string {
    return this.quarters.map(megabytes).join(", ");
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
