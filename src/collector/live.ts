// Collector: running totals, cheap enough to be read many times a second while a recording goes on.

import { BUCKET_COUNT, bucketMicros } from "../protocol/latencyBuckets.ts";
import type { WindowMessage } from "../protocol/window.ts";

export interface Measuring {
  /** Completed since the end of the warm-up. */
  readonly requests: number;
  /** Over the last seconds; null before two seconds of windows. */
  readonly requestsPerSecond: number | null;
  readonly p50Micros: number | null;
  /** Since the end of the warm-up, 0 before it. */
  readonly elapsedMs: number;
}

const RECENT_MICROS = 3_000_000;
const MAX_RECENT = 4_096;

export class Live {
  /** Since the session began, warm-up included. */
  requestsEver = 0;
  /** The same, of connections that came to ports of the server. */
  connectionsEver = 0;
  private requests = 0;
  private latency = new Float64Array(BUCKET_COUNT);
  private recent: { startMicros: number; endMicros: number; requests: number }[] = [];

  /** Warm-up is over: counts from here. */
  restart(): void {
    this.requests = 0;
    this.latency = new Float64Array(BUCKET_COUNT);
  }

  /** @param ofPort whether the thread listens on a port */
  add(window: WindowMessage, ofPort: boolean): void {
    let requests = 0;
    for (const [, count, , buckets] of window.requests) {
      requests += count;
      for (const [bucket, entries] of buckets) this.latency[bucket] = (this.latency[bucket] ?? 0) + entries;
    }
    this.requests += requests;
    this.requestsEver += requests;
    if (ofPort) this.connectionsEver += window.process?.accepted ?? 0;
    this.recent.push({ startMicros: window.startMicros, endMicros: window.endMicros, requests });
    const since = window.endMicros - RECENT_MICROS;
    if (this.recent.length > MAX_RECENT || (this.recent[0]?.endMicros ?? 0) < since) {
      this.recent = this.recent.filter(({ endMicros }) => endMicros >= since).slice(-MAX_RECENT);
    }
  }

  read(elapsedMs: number): Measuring {
    return {
      requests: this.requests,
      requestsPerSecond: this.perSecond(),
      p50Micros: this.median(),
      elapsedMs,
    };
  }

  private perSecond(): number | null {
    let start = Number.POSITIVE_INFINITY;
    let end = 0;
    let requests = 0;
    for (const window of this.recent) {
      start = Math.min(start, window.startMicros);
      end = Math.max(end, window.endMicros);
      requests += window.requests;
    }
    return end - start > 0 ? requests / ((end - start) / 1e6) : null;
  }

  private median(): number | null {
    let total = 0;
    for (const entries of this.latency) total += entries;
    let left = total / 2;
    for (let bucket = 0; total > 0 && bucket < BUCKET_COUNT; bucket++) {
      left -= this.latency[bucket] as number;
      if (left <= 0) return bucketMicros(bucket);
    }
    return null;
  }
}
