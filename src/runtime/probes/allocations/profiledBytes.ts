// Runtime: bytes allocated on V8's heap, from its size before and after collections. `GCProfiler` tells both, but
// profiled collections take 0.1 to 0.6 ms longer (a small young generation's twice as long), so that it sees all of
// them only while they are few. Else it sees some in a row now and then: between two collections about as much is
// allocated every time (what the young generation holds), and of the others only the number is known.

import { GCProfiler, getHeapStatistics } from "node:v8";
import type { ByteCount } from "./collections.ts";

/** In a row. A window with no more is profiled whole. */
const MOST_PROFILED = 4;
/** Not profiled between two such rows: at first, and while rows differ little twice as many each time. */
const FIRST_GAP = 8;
const LONGEST_GAP = 128;
/** Of the mean between collections: more, and the young generation has grown or shrunk. */
const STABLE = 0.15;

/** As GCProfiler tells it; Node's types are of another version. */
interface Collection {
  readonly beforeGC: { readonly heapStatistics: { readonly usedHeapSize: number } };
  readonly afterGC: { readonly heapStatistics: { readonly usedHeapSize: number } };
}

export class ProfiledBytes implements ByteCount {
  private readonly profiler = new GCProfiler();
  private profiling = false;
  private resumeProfiling = false;
  /** The heap's size at the time up to which `bytes` counts, but for `unseen`. */
  private usedBytes = 0;
  private bytes = 0;
  /** Collections of this window, and of this row. */
  private inWindow = 0;
  private inRow = 0;
  /** Collections that were not profiled: since `usedBytes`, since the last row, and until the next one. */
  private unseen = 0;
  private sinceRow = 0;
  private gap = FIRST_GAP;
  /** Bytes between two collections. */
  private mean = 0;

  start(): void {
    this.profile();
  }

  collected(collections: number): void {
    this.inWindow += collections;
    if (this.profiling) {
      this.inRow += collections;
      if (this.inRow > MOST_PROFILED) this.readProfile();
      return;
    }
    this.unseen += collections;
    this.sinceRow += collections;
    if (this.sinceRow < this.gap) return;
    this.addUnseen(false);
    this.profile();
  }

  take(majors: boolean): number {
    this.settle(majors);
    const { bytes } = this;
    const few = this.inWindow <= MOST_PROFILED;
    this.bytes = 0;
    this.inWindow = 0;
    this.sinceRow = Math.min(this.sinceRow, this.gap - 1);
    if (few || this.mean === 0) this.profile();
    return bytes;
  }

  pause(): void {
    this.resumeProfiling = this.profiling;
    this.settle(false);
  }

  resume(): void {
    this.usedBytes = used();
    if (this.resumeProfiling) this.profile();
  }

  stop(): void {
    if (this.profiling) this.profiler.stop();
    this.profiling = false;
  }

  private settle(majors: boolean): void {
    if (this.profiling) this.readProfile();
    else this.addUnseen(majors);
  }

  private profile(): void {
    this.profiler.start();
    this.profiling = true;
    this.inRow = 0;
    // Last, so that starting is not counted as the server's.
    this.usedBytes = used();
  }

  /** Exact up to now; profiling ends. */
  private readProfile(): void {
    const end = used();
    const collections = (this.profiler.stop()?.statistics ?? []) as unknown as readonly Collection[];
    this.profiling = false;
    let left = this.usedBytes;
    let intervals = -1;
    let between = 0;
    for (const { beforeGC, afterGC } of collections) {
      const bytes = beforeGC.heapStatistics.usedHeapSize - left;
      this.bytes += bytes;
      // The first one began before the profile.
      if (++intervals > 0) between += bytes;
      left = afterGC.heapStatistics.usedHeapSize;
    }
    this.bytes += end - left;
    if (intervals > 0) this.learn(between / intervals);
    this.usedBytes = used();
  }

  private learn(mean: number): void {
    const { mean: before } = this;
    const stable = Math.abs(mean - before) < STABLE * before;
    // Those in between were counted as before: half-way is nearer.
    if (before > 0) this.bytes += (Math.min(this.sinceRow, this.inWindow) * (mean - before)) / 2;
    this.mean = stable ? (mean + before) / 2 : mean;
    this.gap = stable ? Math.min(LONGEST_GAP, this.gap * 2) : FIRST_GAP;
    this.sinceRow = 0;
  }

  private addUnseen(majors: boolean): void {
    const { mean, unseen } = this;
    const growth = used() - this.usedBytes;
    // Begun and ended somewhere between two collections: the heap's size tells where, roughly.
    const edges = unseen === 0 ? growth : majors ? 0 : Math.min(mean, Math.max(-mean, growth));
    this.bytes += unseen * mean + edges;
    this.unseen = 0;
    this.usedBytes = used();
  }
}

function used(): number {
  return getHeapStatistics().used_heap_size;
}
