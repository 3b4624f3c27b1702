// Model: the time that was measured. A thread that rests tells nothing of it: between two of its windows time is missing.

import type { ProfileWindow } from "./profile.ts";

/** One after the other they follow each other to the microsecond; a shorter gap is a clock that was read twice. */
const LEAST_REST_MICROS = 100_000;

type Times = Pick<ProfileWindow, "startMicros" | "endMicros" | "restMicros">;

/** Microseconds of a window that were measured. */
export function measuredMicros({ startMicros, endMicros, restMicros = 0 }: Times): number {
  return Math.max(0, endMicros - startMicros - restMicros);
}

/** Microseconds of a rest between two neighbours of one thread, 0: there was none. */
export function restBetween(earlier: Times, later: Times): number {
  const gap = later.startMicros - earlier.endMicros;
  return gap >= LEAST_REST_MICROS ? gap : 0;
}

/** The part of its threads' time that windows cover, from each one's first to its last: 1 without rests. */
export function measuredShare(windows: readonly ProfileWindow[]): number {
  const latest = new Map<number, ProfileWindow>();
  let rested = 0;
  let measured = 0;
  for (const window of [...windows].sort((a, b) => a.startMicros - b.startMicros)) {
    const before = latest.get(window.worker);
    if (before !== undefined) rested += restBetween(before, window);
    rested += window.restMicros ?? 0;
    measured += measuredMicros(window);
    if (before === undefined || window.endMicros > before.endMicros) latest.set(window.worker, window);
  }
  return rested === 0 || measured === 0 ? 1 : measured / (measured + rested);
}
