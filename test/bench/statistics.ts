// Benchmark: the arithmetic of medians, and of what grows.

export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A value at a time, both in units of the caller's. */
export type Point = readonly [at: number, value: number];

export interface Slope {
  /** Of the value, a unit of time. */
  readonly perUnit: number;
  /** Lower and upper end of its 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Blocks that a series is cut into: what follows closely is alike, and would feign certainty if counted singly. */
const BLOCKS = 10;
/** Student's t for 95 % with BLOCKS - 2 degrees of freedom. */
const T_VALUE = 2.306;

/** Least squares over the means of blocks. @throws RangeError with too few points */
export function slopeOf(points: readonly Point[]): Slope {
  if (points.length < 2 * BLOCKS) throw new RangeError(`A slope needs ${2 * BLOCKS} points.`);
  const blocks = Array.from({ length: BLOCKS }, (_, n) => {
    const part = points.slice((n * points.length) / BLOCKS, ((n + 1) * points.length) / BLOCKS);
    return [mean(part.map(([at]) => at)), mean(part.map(([, value]) => value))] as const;
  });
  const middleAt = mean(blocks.map(([at]) => at));
  const middle = mean(blocks.map(([, value]) => value));
  const spread = sum(blocks.map(([at]) => (at - middleAt) ** 2));
  const perUnit = sum(blocks.map(([at, value]) => (at - middleAt) * (value - middle))) / spread;
  const rest = sum(blocks.map(([at, value]) => (value - middle - perUnit * (at - middleAt)) ** 2));
  const half = T_VALUE * Math.sqrt(rest / (BLOCKS - 2) / spread);
  return { perUnit, low: perUnit - half, high: perUnit + half };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
