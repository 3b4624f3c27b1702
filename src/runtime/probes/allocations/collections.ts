// Runtime: this thread's garbage collections, and the bytes that it allocated on V8's heap. Collections are counted and
// timed by Node's own performance entries; the bytes are found from what collections freed (see profiledBytes.ts).

import { constants, PerformanceObserver } from "node:perf_hooks";
import type { GcKind } from "../../../protocol/window.ts";
import { collectionPauses } from "./collectionPauses.ts";
import { offHeapGrowth } from "./offHeapGrowth.ts";
import { OwnTimes } from "./ownTimes.ts";
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

export interface Collected {
  readonly allocatedBytes: number | null;
  readonly kinds: ReadonlyMap<GcKind, readonly [count: number, micros: number]>;
}

class Collections {
  private observer: PerformanceObserver | null = null;
  private readonly own = new OwnTimes();
  private bytes: ProfiledBytes | null = null;
  private told = 0;
  /** What was before is nobody's: where the user's code has an observer too, entries of a rest are still to come. */
  private since = 0;
  private kinds = new Map<GcKind, [count: number, micros: number]>();

  /**
   * @param guard runs what Node calls back, so that nothing is thrown into the user's loop
   * @param mayMove whether memory may be transferred to this thread
   */
  start(guard: (action: () => void) => void, mayMove: () => boolean): void {
    this.observer = new PerformanceObserver((list) => guard(() => this.read(list.getEntries())));
    this.observer.observe({ entryTypes: ["gc"] });
    this.since = now();
    this.told = 0;
    this.kinds = new Map();
    this.bytes = new ProfiledBytes((collected) => offHeapGrowth.look(collected));
    this.bytes.start();
    offHeapGrowth.start(mayMove, guard);
  }

  /** What happened since the last call, without what `excluding` ran. */
  take(): Collected {
    this.read(this.observer?.takeRecords() ?? []);
    const total = this.excluding(() => this.allocatedBytes);
    // Where too much was told before, less, or nothing, is told until it is made up for.
    const allocatedBytes = total === null ? null : Math.max(0, total - this.told);
    this.told += allocatedBytes ?? 0;
    const taken = { allocatedBytes, kinds: this.kinds };
    this.kinds = new Map();
    return taken;
  }

  /** For a second at most: the bytes are exact, however many collections there are. */
  set seesAll(all: boolean) {
    if (this.bytes !== null) this.bytes.seesAll = all;
  }

  /** On this thread's heap since the start. Only within `excluding`. */
  get allocatedBytes(): number | null {
    return this.bytes?.total() ?? null;
  }

  /** Runs our own work: what it allocates, and the collections that it causes, are not the server's. */
  excluding<T>(action: () => T): T {
    const from = now();
    this.bytes?.pause();
    offHeapGrowth.settle();
    try {
      return action();
    } finally {
      this.bytes?.resume();
      offHeapGrowth.rebase();
      this.own.add(from, now());
    }
  }

  stop(): void {
    this.observer?.disconnect();
    this.observer = null;
    this.bytes?.stop();
    this.bytes = null;
    offHeapGrowth.stop();
  }

  private read(entries: readonly PerformanceEntry[]): void {
    const counted = { minor: 0, major: 0, incremental: 0, weak: 0 };
    for (const entry of entries) {
      const { startTime, duration } = entry;
      if (startTime < this.since || this.own.holds(startTime)) continue;
      offHeapGrowth.collectedAt(startTime);
      collectionPauses.add(startTime, duration);
      const kind = KIND_OF.get((entry as { detail?: { kind?: unknown } }).detail?.kind) ?? "major";
      const row = this.kinds.get(kind) ?? [0, 0];
      row[0]++;
      row[1] += duration * 1000;
      this.kinds.set(kind, row);
      counted[kind]++;
    }
    this.bytes?.collected(counted);
  }
}

/** One a thread, shared by the probes that ask. */
export const collections = new Collections();
