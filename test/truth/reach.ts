// Truth suite: how near to the truth a figure has to be.

/** What is stated and found. `heap`: objects by function; `off-heap`: Buffers by line. */
export type Figure = "copies" | "switches" | "locks" | "off-heap" | "heap";

/** Of the stated amount a request. Objects are held by their functions' distance: their amounts are only shown. */
export const TOLERANCE: Readonly<Record<Figure, number>> = {
  copies: 0.02,
  switches: 0.02,
  locks: 0.05,
  "off-heap": 0.02,
  heap: 0.1,
};
/** Of a recording's objects in all; shown, not judged. */
export const OBJECTS_TOLERANCE = 0.03;
export const LARGEST_DISTANCE = 0.05;
/** Of a function's objects over its lines, where lines are named; and of all stated objects' bytes so many have a line. */
export const LARGEST_LINE_DISTANCE = 0.1;
export const LEAST_NAMED = 0.5;
/** Of the waiting whose holder is known by construction. */
export const RIGHT_HOLDERS = 0.98;
/** A hotspot with a larger share of its category has to be stated by the server. */
export const FALSE_SHARE = 0.05;
/**
 * A sampled figure may be off by so many half-widths of the 95 % interval shown beside it: 5.9 standard deviations. That
 * one in twenty is out of its interval is right, and judged over the suite.
 */
export const HALF_WIDTHS = 3;
/** Of the intervals shown, so many hold the truth. */
export const COVERAGE = 0.95;
/** The suite fails when as few or fewer inside would come about less often than this. */
const DOUBT = 0.001;

/** Whether `inside` of `total` intervals are too few for intervals that hold the truth in `COVERAGE` of cases. */
export function tooFewInside(inside: number, total: number): boolean {
  return total > 0 && atMost(inside, total, COVERAGE) < DOUBT;
}

/** Probability of at most `successes` in `trials`, by logarithms: powers would underflow. */
export function atMost(successes: number, trials: number, p: number): number {
  let logTerm = trials * Math.log(1 - p);
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= successes; k++) {
    logTerm += Math.log((trials - k + 1) / k) + Math.log(p / (1 - p));
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
