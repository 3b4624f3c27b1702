// Runtime: this thread's garbage collections, and the bytes that it allocated on V8's heap. Collections are counted and
// timed by Node's own performance entries; the bytes are V8's own count where there is one, else found from
// collections (see profiledBytes.ts).

import { constants, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { GcKind } from "../../../protocol/wire.ts";
import { ProfiledBytes } from "./profiledBytes.ts";

const KIND_OF: ReadonlyMap<unknown, GcKind> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  // Minor mark-sweep, which Node 20 does not name.
  [2, "minor"],
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weak"],
]);

const now = performance.now.bind(performance);

/** How the bytes are found. All of it is called between collections. */
export interface ByteCount {
  start(): void;
  /** Collections ended since the last call of this or of `take`. Told soon after, not at once. */
  collected(collections: number): void;
  /** Bytes since the last call. `majors`: some of the collections were of the whole heap. */
  take(majors: boolean): number;
  pause(): void;
  resume(): void;
  stop(): void;
}

export interface Collected {
  readonly allocatedBytes: number;
  readonly kinds: ReadonlyMap<GcKind, readonly [count: number, micros: number]>;
}

class Collections {
  private observer: PerformanceObserver | null = null;
  private bytes: ByteCount = new ProfiledBytes();
  private kinds = new Map<GcKind, [count: number, micros: number]>();
  /** Our own work of late: collections that it caused are not the server's. Milliseconds of `performance.now`. */
  private excluded: [from: number, to: number][] = [];

  /** @param guard runs what Node calls back, so that nothing is thrown into the user's loop */
  start(guard: (action: () => void) => void): void {
    this.bytes = V8Count.available() ? new V8Count() : new ProfiledBytes();
    this.observer = new PerformanceObserver((list) => guard(() => this.read(list.getEntries())));
    this.observer.observe({ entryTypes: ["gc"] });
    this.bytes.start();
  }

  /** What happened since the last call, without what `excluding` ran. */
  take(): Collected {
    this.read(this.observer?.takeRecords() ?? []);
    const allocatedBytes = this.bytes.take(this.kinds.has("major"));
    const taken = { allocatedBytes: Math.max(0, allocatedBytes), kinds: this.kinds };
    this.kinds = new Map();
    const [last] = this.excluded.slice(-1);
    this.excluded = last === undefined ? [] : [last];
    return taken;
  }

  /** Runs our own work: what it allocates, and the collections that it causes, are not the server's. */
  excluding<T>(action: () => T): T {
    const from = now();
    this.bytes.pause();
    try {
      return action();
    } finally {
      this.bytes.resume();
      this.excluded.push([from, now()]);
    }
  }

  stop(): void {
    this.observer?.disconnect();
    this.observer = null;
    this.bytes.stop();
  }

  private read(entries: readonly PerformanceEntry[]): void {
    let collections = 0;
    for (const entry of entries) {
      const { startTime, duration } = entry;
      if (this.excluded.some(([from, to]) => startTime >= from && startTime <= to)) continue;
      const kind = KIND_OF.get((entry as { detail?: { kind?: unknown } }).detail?.kind) ?? "major";
      const row = this.kinds.get(kind) ?? [0, 0];
      row[0]++;
      row[1] += duration * 1000;
      this.kinds.set(kind, row);
      collections++;
    }
    this.bytes.collected(collections);
  }
}

/** Node 26: V8 counts them itself. */
class V8Count implements ByteCount {
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

/** One a thread, shared by the probes that ask. */
export const collections = new Collections();
