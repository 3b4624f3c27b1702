// Runtime: bytes allocated on this thread's heap where V8 does not count them: the heap's growth and what collections
// freed. Of collections that are not in the log yet only the number is known; they count as the latest ones did until
// the log has them, which sets right what was told of them.

import { getHeapStatistics } from "node:v8";
import { isMainThread } from "node:worker_threads";
import type { ByteCount } from "./byteCount.ts";
import { CollectionLog } from "./collectionLog.ts";
import { CollectionTrace } from "./collectionTrace.ts";
import type { OwnTimes } from "./ownTimes.ts";

/** Weight of earlier windows in what a collection frees. */
const MEMORY = 0.5;

export class TracedBytes implements ByteCount {
  private readonly log = CollectionLog.open();
  private trace: CollectionTrace | null = null;
  /** The heap's size when nothing had been allocated, moved up by what we allocated ourselves. */
  private base = 0;
  private pausedAt = 0;
  private freed = 0;
  /** Collections: that Node told of, and that are in `freed`. */
  private known = 0;
  private logged = 0;
  /** Of late: collections and what they freed. */
  private lately = { collections: 0, bytes: 0 };
  private told = 0;

  constructor(
    private readonly own: OwnTimes,
    private readonly guard: (action: () => void) => void,
  ) {}

  start(): void {
    if (isMainThread && this.log !== null) this.trace = CollectionTrace.open(this.log, this.guard);
    this.base = used();
  }

  collected(collections: number): void {
    this.known += collections;
  }

  take(): number | null {
    const { log, lately } = this;
    if (log === null || (isMainThread && this.trace === null)) return null;
    const entries = log.read().filter(({ at }) => !this.own.holds(at));
    if (entries.length > 0) {
      const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
      this.freed += bytes;
      this.logged += entries.length;
      this.lately = {
        collections: lately.collections * MEMORY + entries.length,
        bytes: lately.bytes * MEMORY + bytes,
      };
    }
    const unseen = Math.max(0, this.known - this.logged);
    const mean = this.lately.collections === 0 ? 0 : this.lately.bytes / this.lately.collections;
    if (unseen > 0) log.want();
    if (this.trace !== null && log.takeWanted()) this.trace.flush();
    const total = used() - this.base + this.freed + unseen * mean;
    // Too much was told before: less, or nothing, is told until it is made up for.
    const bytes = Math.max(0, total - this.told);
    this.told += bytes;
    return bytes;
  }

  pause(): void {
    this.pausedAt = used();
  }

  resume(): void {
    this.base += used() - this.pausedAt;
  }

  stop(): void {
    this.trace?.close();
    this.trace = null;
  }
}

function used(): number {
  return getHeapStatistics().used_heap_size;
}
