// Runtime: bytes allocated on this thread's heap where V8 does not count them: the heap's growth and what collections
// freed. `GCProfiler` tells that, but makes a collection 2 to 10 ms longer (for it sizes every page), so that it sees a
// few now and then; others of their kind count as these did. Minor ones free the same part of the young generation each
// time, for it is full then; those of the whole heap are looked for when marking begins. Trace events tell the same for nothing,
// but switching them crashes processes whose workers come and go, and those of names that are no JSON.

import { GCProfiler, getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import type { ByteCount, Counted } from "./byteCount.ts";

/** Collections seen in a row; one seldom, for V8 collects the young generation when it is full or, between two turns of the
 * loop, when it is four fifths full: how full it is differs from one second to the next more than in a row. */
const ROW = 1;
/** Of rows that wait for a collection of the whole heap. */
const LONGEST_ROW = 6;
/** Between two rows: at first, and so much longer each time; none after the young generation has changed its size. */
const FIRST_GAP_MILLIS = 200;
const GAP_GROWTH = 1.5;
const FIRST_MAJOR_GAP_MILLIS = 1_000;
const LONGEST_GAP_MILLIS = 32_000;
/** Weight of what earlier rows told: about eight of them count. */
const MEMORY = 0.88;
const YOUNG = "new_space";
const MAJOR = /^(?:MarkSweepCompact|MarkCompact)$/;
const MINOR = /^(?:Scavenge|MinorMarkCompact|MinorMarkSweep)$/;

/** What survives is about as much in a small young generation as in a large one: its part of it is not. */
const SAME_SIZE = 0.2;
const now = performance.now.bind(performance);

/** As GCProfiler tells it; Node's types are of another version. */
interface Collection {
  readonly gcType: string;
  readonly beforeGC: {
    readonly heapStatistics: { readonly usedHeapSize: number };
    readonly heapSpaceStatistics: readonly {
      readonly spaceName: string;
      readonly spaceUsedSize: number;
      readonly spaceAvailableSize: number;
    }[];
  };
  readonly afterGC: { readonly heapStatistics: { readonly usedHeapSize: number } };
}

/** What collections of one kind freed, as a part of what the young generation could hold. */
class Kind {
  /** Told by Node and not yet among those that count, as a sum of sizes. Below 0: seen, and not yet told. */
  pending = 0;
  /** Of the young generation when the last one was seen, 0 before any was. */
  size = 0;
  private sizes = 0;
  private freed = 0;

  /** What `pending` freed; it counts for good. */
  settle(): number {
    if (this.pending <= 0 || this.sizes === 0) return 0;
    const bytes = (this.pending * this.freed) / this.sizes;
    this.pending = 0;
    return bytes;
  }

  /** @param size of the young generation @param typical others of its kind are taken to be like it */
  see(size: number, freed: number, typical: boolean): void {
    this.pending -= size;
    if (!typical) return;
    const memory = differ(size, this.size) ? 0 : MEMORY;
    this.size = size;
    this.sizes = this.sizes * memory + size;
    this.freed = this.freed * memory + freed;
  }
}

export class ProfiledBytes implements ByteCount {
  private readonly profiler = new GCProfiler();
  private profiling = false;
  /** Collections told of while profiling. */
  private inRow = 0;
  private wantMajor = false;
  private nextRow = 0;
  private nextMajor = 0;
  private majorGapMillis = FIRST_MAJOR_GAP_MILLIS;
  private gapMillis = FIRST_GAP_MILLIS;
  /** The heap's size when nothing had been allocated, moved up by what we allocated ourselves. */
  private base = 0;
  private pausedAt = 0;
  private freed = 0;
  private told = 0;
  private readonly minor = new Kind();
  private readonly major = new Kind();

  /** Profiles nothing yet: a thread that computes and never comes back to its loop would do it without end. */
  start(): void {
    this.base = used();
  }

  collected({ minor, major, marking }: Counted): void {
    const young = minor + major > 0 ? youngBytes() : 0;
    this.minor.pending += minor * young;
    this.major.pending += major * young;
    if (marking > 0 && major === 0 && now() >= this.nextMajor) {
      this.wantMajor = true;
      if (!this.profiling) this.profile();
    }
    if (!this.profiling) return;
    this.inRow += minor + major;
    if (major > 0) this.wantMajor = false;
    if (this.inRow >= (this.wantMajor ? LONGEST_ROW : ROW)) this.endRow();
  }

  take(): number {
    // Not only when a row is full: a calm server's next collection may be minutes away.
    if (this.profiling && this.inRow > 0 && !this.wantMajor) this.endRow();
    // Of another size than was seen: they wait for the next row.
    const grown = differ(youngBytes(), this.minor.size);
    if (grown) this.nextRow = 0;
    else this.freed += this.minor.settle();
    this.freed += this.major.settle();
    const total = used() - this.base + this.freed;
    // Too much was told before: less, or nothing, is told until it is made up for.
    const bytes = Math.max(0, total - this.told);
    this.told += bytes;
    if (!this.profiling && now() >= this.nextRow) this.profile();
    return bytes;
  }

  pause(): void {
    if (this.profiling) this.endRow();
    this.pausedAt = used();
  }

  resume(): void {
    if (now() >= this.nextRow) this.profile();
    this.base += used() - this.pausedAt;
  }

  stop(): void {
    if (this.profiling) this.profiler.stop();
    this.profiling = false;
  }

  private profile(): void {
    this.profiler.start();
    this.profiling = true;
    this.inRow = 0;
  }

  private endRow(): void {
    const collections = (this.profiler.stop()?.statistics ?? []) as unknown as readonly Collection[];
    this.profiling = false;
    this.wantMajor = false;
    let afterMajor = false;
    if (collections.some(({ gcType }) => MAJOR.test(gcType))) {
      this.nextMajor = now() + this.majorGapMillis;
      this.majorGapMillis = Math.min(LONGEST_GAP_MILLIS, this.majorGapMillis * 2);
    }
    for (const { gcType, beforeGC, afterGC } of collections) {
      const major = MAJOR.test(gcType);
      if (!major && !MINOR.test(gcType)) continue;
      const freed = beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
      const young = beforeGC.heapSpaceStatistics.find(({ spaceName }) => spaceName === YOUNG);
      const size = (young?.spaceUsedSize ?? 0) + (young?.spaceAvailableSize ?? 0);
      // After a collection of the whole heap the next minor one frees more than others.
      (major ? this.major : this.minor).see(size, freed, major || !afterMajor);
      afterMajor = major;
      this.freed += freed;
    }
    if (collections.length === 0) return;
    this.nextRow = now() + this.gapMillis;
    this.gapMillis = Math.min(LONGEST_GAP_MILLIS, this.gapMillis * GAP_GROWTH);
  }
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > SAME_SIZE * Math.max(a, b);
}

function used(): number {
  return getHeapStatistics().used_heap_size;
}

/** What it can hold: how much of it is committed changes all the time. */
function youngBytes(): number {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === YOUNG);
  return (young?.space_used_size ?? 0) + (young?.space_available_size ?? 0);
}
