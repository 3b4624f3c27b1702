// Runtime: bytes allocated on this thread's heap: its growth and what collections freed. `GCProfiler` tells the latter of
// every collection, so that the two make an exact sum. Seeing one costs some 0.1 ms: where a small young generation makes
// hundreds a second, those that are seen stand for the others of their kind. Node 26 has V8's own count
// (`total_allocated_bytes`), which was 1 to 5 % too high. Trace events tell the same, but switching them crashes processes
// whose workers come and go, and those of names that are no JSON.

import { GCProfiler, getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import type { CollectedOffHeap } from "./offHeapGrowth.ts";

/** Collections that are seen in a second, on average: 0.6 % of the time at most. */
const SEEN_PER_SECOND = 40;
/** So many may be seen at once: a thread that begins has a small young generation and many collections. */
const MOST_AT_ONCE = 400;
/**
 * Seen in a row: what a profile was told, Node keeps as long as the profile's object lives. One that outlives a second
 * collection of the young generation lives until the next of the whole heap: the server grew by 2 MB a second.
 */
const STRETCH = 1;
/** Weight of what earlier stretches told of the collections that are not seen. */
const MEMORY = 0.9;
const YOUNG = "new_space";
const MAJOR = /^(?:MarkSweepCompact|MarkCompact)$/;
const MINOR = /^(?:Scavenge|MinorMarkCompact|MinorMarkSweep)$/;

const { setImmediate, clearImmediate } = globalThis;
const now = performance.now.bind(performance);

/** As GCProfiler tells it; Node's types are of another version. */
interface Collection {
  readonly gcType: string;
  readonly beforeGC: { readonly heapStatistics: HeapSizes };
  readonly afterGC: {
    readonly heapStatistics: HeapSizes;
    readonly heapSpaceStatistics: readonly {
      readonly spaceName: string;
      readonly spaceUsedSize: number;
      readonly spaceAvailableSize: number;
    }[];
  };
}

interface HeapSizes {
  readonly usedHeapSize: number;
  readonly externalMemory: number;
}

/** Collections that ended since the last time. */
export interface Counted {
  readonly minor: number;
  readonly major: number;
}

/** What collections of one kind that were not seen freed: as the others, as a part of what the young generation could hold. */
class Kind {
  /** Told by Node and not seen; below 0: seen, and not yet told. */
  private unseen = 0;
  /** Of the unseen ones, the young generation's sizes summed. */
  private unseenSizes = 0;
  private sizes = 0;
  private freed = 0;

  tell(count: number): void {
    const more = Math.max(0, Math.min(count, this.unseen + count));
    this.unseen += count;
    if (more > 0) this.unseenSizes += more * youngBytes();
  }

  /** @param young what it could hold */
  see(young: number, freed: number): void {
    if (this.unseen > 0) this.unseenSizes -= this.unseenSizes / this.unseen;
    this.unseen--;
    this.sizes += young;
    this.freed += freed;
  }

  fade(): void {
    this.sizes *= MEMORY;
    this.freed *= MEMORY;
  }

  settle(): number {
    if (this.unseen <= 0 || this.sizes === 0) return 0;
    const bytes = (this.unseenSizes * this.freed) / this.sizes;
    this.unseen = 0;
    this.unseenSizes = 0;
    return bytes;
  }
}

export class ProfiledBytes {
  private readonly profiler = new GCProfiler();
  private profiling = false;
  /** For a short while every collection is seen, whatever was spent. */
  seesAll = false;
  private first: NodeJS.Immediate | null = null;
  /** Collections that may still be seen, by `creditAt`. Below 0: too many were. */
  private credit = MOST_AT_ONCE;
  private creditAt = now();
  /** Told of since the profile began. */
  private inStretch = 0;
  /** The heap's size when nothing had been allocated, moved up by what we allocated ourselves. */
  private base = 0;
  private pausedAt = 0;
  /** Of ours, since the last collection that was seen: the next one frees them beside the server's. */
  private ownBytes = 0;
  private freed = 0;
  private readonly minor = new Kind();
  private readonly major = new Kind();

  /** @param looked called at each pause, with what V8 told of memory off the heap at the collections that were seen */
  constructor(private readonly looked: (collected: readonly CollectedOffHeap[]) => void = () => {}) {}

  /** Profiles nothing yet: a thread that computes and never comes back to its loop would do it without end. */
  start(): void {
    this.base = used();
    this.first = setImmediate(() => this.profile()).unref();
  }

  /** Told soon after, not at once. */
  collected({ minor, major }: Counted): void {
    this.minor.tell(minor);
    this.major.tell(major);
    this.inStretch += minor + major;
    const full = this.profiling && this.inStretch >= STRETCH;
    if (!full && this.profiling === this.affordable(this.profiling ? this.inStretch : STRETCH)) return;
    this.pause();
    this.resume();
  }

  /** Bytes since the start. Only while paused. */
  total(): number {
    this.freed += this.minor.settle() + this.major.settle();
    return this.pausedAt - this.base + this.freed;
  }

  /** What is allocated until `resume` is our own. */
  pause(): void {
    this.pausedAt = used();
    this.looked(this.profiling ? this.endStretch() : []);
  }

  resume(): void {
    const own = used() - this.pausedAt;
    this.base += own;
    this.ownBytes += Math.max(0, own);
    if (this.affordable(STRETCH)) this.profile();
  }

  stop(): void {
    if (this.first !== null) clearImmediate(this.first);
    if (this.profiling) this.profiler.stop();
    this.profiling = false;
  }

  private profile(): void {
    if (this.profiling) return;
    this.profiler.start();
    this.profiling = true;
    this.inStretch = 0;
  }

  private affordable(collections: number): boolean {
    const at = now();
    this.credit = Math.min(MOST_AT_ONCE, this.credit + ((at - this.creditAt) / 1000) * SEEN_PER_SECOND);
    this.creditAt = at;
    return this.seesAll || this.credit >= collections;
  }

  private endStretch(): CollectedOffHeap[] {
    const collections = (this.profiler.stop()?.statistics ?? []) as unknown as readonly Collection[];
    this.profiling = false;
    if (collections.length === 0) return [];
    this.credit -= collections.length;
    this.minor.fade();
    this.major.fade();
    for (const { gcType, beforeGC, afterGC } of collections) {
      const major = MAJOR.test(gcType);
      if (!major && !MINOR.test(gcType)) continue;
      const freed = beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
      const young = afterGC.heapSpaceStatistics.find(({ spaceName }) => spaceName === YOUNG);
      (major ? this.major : this.minor).see(
        (young?.spaceUsedSize ?? 0) + (young?.spaceAvailableSize ?? 0),
        Math.max(0, freed - this.ownBytes),
      );
      this.ownBytes = 0;
      this.freed += freed;
    }
    return collections.map(({ beforeGC, afterGC }) => [
      beforeGC.heapStatistics.externalMemory,
      afterGC.heapStatistics.externalMemory,
    ]);
  }
}

function used(): number {
  return getHeapStatistics().used_heap_size;
}

/** What it can hold: how much of it is committed changes all the time. */
function youngBytes(): number {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === YOUNG);
  return (young?.space_used_size ?? 0) + (young?.space_available_size ?? 0);
}
