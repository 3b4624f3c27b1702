// Recording: which span of a session the figures cover. Pure.

import type { Profile } from "../model/profile.ts";

const MOST_STEPS = 300;
const STEPS_MILLIS = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000] as const;

export interface LiveScope {
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly label: string;
}

/**
 * The last so many seconds, or with 0 everything after the warm-up. A server that has gone quiet keeps the
 * figures of its last requests, and the label then says of when they are.
 */
export function scopeOf(profile: Profile, seconds: number): LiveScope {
  const first = Math.max(profile.startedMicros, profile.measureFromMicros);
  const end = profile.windows.reduce((latest, window) => Math.max(latest, window.endMicros), first);
  if (seconds === 0) return { fromMicros: first, toMicros: end, label: "Whole session" };
  const from = Math.max(first, end - seconds * 1e6);
  const lastRequest = profile.windows.reduce(
    (latest, window) => (window.requests.length > 0 ? Math.max(latest, window.endMicros) : latest),
    0,
  );
  if (lastRequest > from || lastRequest <= first)
    return { fromMicros: from, toMicros: end, label: `Last ${seconds} s` };
  const earlier = Math.max(first, lastRequest - seconds * 1e6);
  const clock = (micros: number) => formatClock((micros - profile.startedMicros) / 1e6);
  return { fromMicros: earlier, toMicros: lastRequest, label: `${clock(earlier)}–${clock(lastRequest)}` };
}

/** `02:48`, `1:02:48`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  return whole < 3_600 ? minutes : `${Math.floor(whole / 3_600)}:${minutes}`;
}

/** The time line's step, so that a long session does not get more columns than a screen has. */
export function stepFor(profile: Profile): number {
  const end = profile.windows.reduce(
    (latest, window) => Math.max(latest, window.endMicros),
    profile.startedMicros,
  );
  const millis = (end - profile.startedMicros) / 1_000;
  return (
    STEPS_MILLIS.find((step) => millis / step <= MOST_STEPS) ??
    STEPS_MILLIS[STEPS_MILLIS.length - 1] ??
    3_600_000
  );
}
