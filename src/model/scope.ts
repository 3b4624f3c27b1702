// Model: which windows a report is about. A window counts where it ends, so neighbouring scopes share none.

import { measuredShare } from "./measuredTime.ts";
import type { Profile, ProfileWindow } from "./profile.ts";

export interface Scope {
  readonly windows: readonly ProfileWindow[];
  /** From the first window's start to the last one's end, rests left out. */
  readonly durationMicros: number;
  /** The part of the workers' time that was measured: 1 without rests. */
  readonly measuredShare: number;
  /** Indices into the profile's workers that have a window in the scope, in their order. */
  readonly workers: readonly number[];
}

/** Windows that end after `fromMicros` (default: the end of the warm-up) and not after `toMicros`. */
export function scopeOf(profile: Profile, options: { fromMicros?: number; toMicros?: number } = {}): Scope {
  const from = Math.max(options.fromMicros ?? 0, profile.measureFromMicros);
  const to = options.toMicros ?? Number.POSITIVE_INFINITY;
  return scopeOfWindows(profile.windows.filter(({ endMicros }) => endMicros > from && endMicros <= to));
}

export function scopeOfWindows(windows: readonly ProfileWindow[]): Scope {
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  const workers = new Set<number>();
  for (const window of windows) {
    start = Math.min(start, window.startMicros);
    end = Math.max(end, window.endMicros);
    workers.add(window.worker);
  }
  const share = measuredShare(windows);
  return {
    windows,
    durationMicros: windows.length === 0 ? 0 : Math.max(0, end - start) * share,
    measuredShare: share,
    workers: [...workers].sort((a, b) => a - b),
  };
}
