// Calibration: median and range of repeats.

import type { Cost } from "../../protocol/calibration.ts";

/** Significant digits that a measurement on a shared machine deserves. */
const DIGITS = 4;

/** Median with the 10th and 90th percentile; a repeat that was preempted does not widen the range to it. */
export function cost(repeats: readonly number[]): Cost {
  const sorted = repeats.filter((value) => Number.isFinite(value) && value >= 0).sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.1), high: quantile(sorted, 0.9) };
}

export function median(repeats: readonly number[]): number {
  return cost(repeats).median;
}

function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return 0;
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return Number((below + (above - below) * (at - Math.floor(at))).toPrecision(DIGITS));
}
