// Runtime: what each garbage collection of this process freed, on whichever thread: written by the main thread, which
// alone may trace V8, and read by every thread for itself. In shared memory that new workers inherit.

import { readlinkSync } from "node:fs";
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";

const KEY = "darcy.collections";
const HEAD_BYTES = 16;
const WRITTEN = 0;
const WANTED = 1;
/** Some seconds of the busiest thread; a reader that is further behind estimates what it missed. */
const ENTRIES = 4_096;
const FIELDS = 3;

// Our own, before anyone patches them.
const { add, exchange, load, store } = Atomics;

export interface Freed {
  /** Milliseconds of `process.hrtime`. */
  readonly at: number;
  readonly bytes: number;
}

export class CollectionLog {
  private readonly head: Int32Array;
  private readonly entries: Float64Array;
  private next: number;

  private constructor(
    memory: SharedArrayBuffer,
    /** The kernel's id of this thread, 0: take every entry. */
    private readonly thread: number,
  ) {
    this.head = new Int32Array(memory, 0, 2);
    this.entries = new Float64Array(memory, HEAD_BYTES);
    this.next = load(this.head, WRITTEN);
  }

  /** Null where the entries of this thread can't be told from others'. */
  static open(): CollectionLog | null {
    const thread = kernelId();
    if (thread === null) return null;
    const known: unknown = getEnvironmentData(KEY);
    if (known instanceof SharedArrayBuffer) return new CollectionLog(known, thread);
    if (!isMainThread) return null;
    const memory = new SharedArrayBuffer(HEAD_BYTES + ENTRIES * FIELDS * 8);
    setEnvironmentData(KEY, memory as unknown as Parameters<typeof setEnvironmentData>[1]);
    return new CollectionLog(memory, thread);
  }

  write(thread: number, { at, bytes }: Freed): void {
    const { head, entries } = this;
    const place = ((load(head, WRITTEN) >>> 0) % ENTRIES) * FIELDS;
    entries[place] = thread;
    entries[place + 1] = at;
    entries[place + 2] = bytes;
    add(head, WRITTEN, 1);
  }

  /** This thread's collections since the last call, as far as they are written. */
  read(): Freed[] {
    const written = load(this.head, WRITTEN);
    const { entries, thread } = this;
    const count = Math.min((written - this.next) >>> 0, ENTRIES / 2);
    const found: Freed[] = [];
    for (let left = count; left > 0; left--) {
      const place = (((written - left) >>> 0) % ENTRIES) * FIELDS;
      if (thread !== 0 && entries[place] !== thread) continue;
      found.push({ at: entries[place + 1] as number, bytes: entries[place + 2] as number });
    }
    this.next = written;
    return found;
  }

  /** Asks the main thread for what has not been written yet. */
  want(): void {
    store(this.head, WANTED, 1);
  }

  /** Whether any thread asked since the last call. */
  takeWanted(): boolean {
    return exchange(this.head, WANTED, 0) !== 0;
  }
}

function kernelId(): number | null {
  if (process.platform !== "linux") return isMainThread ? 0 : null;
  if (isMainThread) return process.pid;
  try {
    return Number(/\d+$/.exec(readlinkSync("/proc/thread-self"))?.[0] ?? Number.NaN) || null;
  } catch {
    return null;
  }
}
