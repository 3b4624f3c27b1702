// Model: whether a hotspot is large and certain enough to advise on.

import type { Hotspot, Location, Report } from "../../protocol/report.ts";
import { isUncertain, isWaiting } from "../format.ts";

/** Of the processor time, or of the latency, that a request takes. */
export const WORTH_CHANGING = 0.02;

/** 0 to 1 of the whole that the hotspot's kind of time is held against; 0 where one of the two is unknown. */
export function partOfWhole(spot: Hotspot, report: Report): number {
  const whole = wholeOf(spot, report);
  if (whole === null || whole <= 0 || spot.impactMicrosPerRequest === null) return 0;
  return Math.min(1, spot.impactMicrosPerRequest / whole);
}

/** Microseconds a request that could be saved at most: prices may add up to more than was measured. */
export function savingOf(spot: Hotspot, report: Report): number | null {
  const whole = wholeOf(spot, report);
  const { impactMicrosPerRequest } = spot;
  return whole === null || impactMicrosPerRequest === null
    ? impactMicrosPerRequest
    : Math.min(impactMicrosPerRequest, whole);
}

function wholeOf(spot: Hotspot, report: Report): number | null {
  return isWaiting(spot.category) ? report.requests.meanMicros : report.processorMicrosPerRequest;
}

/** The user's or a dependency's line, certain, and worth it. */
export function isWorthIt(spot: Hotspot, report: Report): boolean {
  return spot.file !== "" && !isUncertain(spot) && partOfWhole(spot, report) >= WORTH_CHANGING;
}

export function locationOf({ file, line, column, function: name }: Location): Location {
  return { file, line, column, function: name };
}
