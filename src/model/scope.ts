// Model: which windows a report is about. A window counts where it ends, so neighbouring scopes share none.

import { MeasuredClock } from "./measuredTime.ts";
import type { Profile, ProfileWindow } from "./profile.ts";

/** A rest is decided when the last window has come. */
const LATE_MICROS = 1e6;

export interface Scope {
  readonly windows: readonly ProfileWindow[];
  /** From the first window's start to the last one's end, rests left out. */
  readonly durationMicros: number;
  /** The part of the time that was measured, with a rest that it ends in: 1 without rests. */
  readonly measuredShare: number;
  /** Indices into the profile's workers that have a window in the scope, in their order. */
  readonly workers: readonly number[];
}

type Rested = Pick<Profile, "rests" | "endedMicros">;

/** Windows that end after `fromMicros` (default: the end of the warm-up) and not after `toMicros`. */
export function scopeOf(profile: Profile, options: { fromMicros?: number; toMicros?: number } = {}): Scope {
  const from = Math.max(options.fromMicros ?? 0, profile.measureFromMicros);
  const to = options.toMicros ?? Number.POSITIVE_INFINITY;
  const windows = profile.windows.filter(({ endMicros }) => endMicros > from && endMicros <= to);
  return scopeOfWindows(profile, windows, to);
}

/** @param to where a later end than the last window's was asked for */
export function scopeOfWindows(
  { rests, endedMicros }: Rested,
  windows: readonly ProfileWindow[],
  to = Number.POSITIVE_INFINITY,
): Scope {
  const clock = new MeasuredClock(windows, rests);
  const { startMicros, endMicros: end } = clock;
  const durationMicros = clock.measuredTo(end);
  const wholeMicros =
    end - startMicros + restedAfter(rests ?? [], end, to > end ? Math.min(to, endedMicros) : endedMicros);
  return {
    windows,
    durationMicros,
    measuredShare: wholeMicros > 0 ? durationMicros / wholeMicros : 1,
    workers: [...new Set(windows.map(({ worker }) => worker))].sort((a, b) => a - b),
  };
}

/** Of the rest that the last window began. */
function restedAfter(rests: NonNullable<Profile["rests"]>, end: number, until: number): number {
  const rest = rests.findLast(
    ({ fromMicros, toMicros }) => fromMicros <= end + LATE_MICROS && toMicros > end,
  );
  return rest === undefined
    ? 0
    : Math.max(0, Math.min(rest.toMicros, until) - Math.max(rest.fromMicros, end));
}
