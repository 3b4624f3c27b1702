// Model, comparison: how many requests a second came while they came. A recording that went on without any was under no other load.

import { measuredMicros } from "../measuredTime.ts";
import type { Profile, ProfileWindow } from "../profile.ts";
import { scopeOf } from "../scope.ts";

/** A shorter pause is the way in which few requests come. */
const LEAST_PAUSE_MICROS = 5e6;

/** Over the time in which some worker's window has an answer, with short pauses; 0 without one. */
export function busyRate(profile: Profile): number {
  const busy = scopeOf(profile)
    .windows.filter(({ requests }) => requests.some(([, count]) => count > 0))
    .sort((a, b) => a.startMicros - b.startMicros);
  let [requests, micros, end] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const window of busy) {
    requests += window.requests.reduce((sum, [, count]) => sum + count, 0);
    const pause = window.startMicros - end;
    if (pause > 0 && pause < LEAST_PAUSE_MICROS) micros += pause;
    micros += uncovered(window, end);
    end = Math.max(end, window.endMicros);
  }
  return micros > 0 ? (requests * 1e6) / micros : 0;
}

/** Of its measured time, what no window before it has covered. */
function uncovered(window: ProfileWindow, end: number): number {
  return Math.max(0, Math.min(measuredMicros(window), window.endMicros - Math.max(end, window.startMicros)));
}
