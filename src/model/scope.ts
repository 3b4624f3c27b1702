// Model: which windows a report is about. A window counts where it ends, so neighbouring scopes share none.

import { MeasuredClock } from "./measuredTime.ts";
import type { Profile, ProfileWindow } from "./profile.ts";

export interface Scope {
  readonly windows: readonly ProfileWindow[];
  /** From the first window's start to the last one's end, rests left out. */
  readonly durationMicros: number;
  /** The part of the time that was measured: 1 without rests. */
  readonly measuredShare: number;
  /** Indices into the profile's workers that have a window in the scope, in their order. */
  readonly workers: readonly number[];
}

/** Windows that end after `fromMicros` (default: the end of the warm-up) and not after `toMicros`. */
export function scopeOf(profile: Profile, options: { fromMicros?: number; toMicros?: number } = {}): Scope {
  const from = Math.max(options.fromMicros ?? 0, profile.measureFromMicros);
  const to = options.toMicros ?? Number.POSITIVE_INFINITY;
  const windows = profile.windows.filter(({ endMicros }) => endMicros > from && endMicros <= to);
  return scopeOfWindows(profile, windows);
}

export function scopeOfWindows({ rests }: Pick<Profile, "rests">, windows: readonly ProfileWindow[]): Scope {
  const clock = new MeasuredClock(windows, rests);
  return {
    windows,
    durationMicros: clock.measuredTo(clock.endMicros),
    measuredShare: clock.share,
    workers: [...new Set(windows.map(({ worker }) => worker))].sort((a, b) => a - b),
  };
}
