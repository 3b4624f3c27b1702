// Benchmark: whether a server grows with Darcy, by what it held every few seconds beside what the plain one held.

import { type Point, type Slope, slopeOf } from "./statistics.ts";

export interface MemoryPoint {
  /** Milliseconds. */
  readonly at: number;
  readonly rss: number;
  readonly heapUsed: number;
}

export const MEASURES = ["rss", "heapUsed"] as const;
export type Measure = (typeof MEASURES)[number];

export interface Growth {
  readonly measure: Measure;
  /** All in megabytes an hour. */
  readonly plain: Slope;
  readonly darcy: Slope;
  /** Of the difference at the same time. */
  readonly more: Slope;
  /** More than chance makes of it, and more than it is worth to speak of. */
  readonly grows: boolean;
}

/** Of the time, at the beginning, and in milliseconds at least: caches fill and V8 settles. */
const WARMUP_PART = 0.2;
const WARMUP_MILLIS = 60_000;
/** Pages and hash tables come in steps of this size. */
const LEAST_MEGABYTES = 1;
const MEGABYTE = 1024 * 1024;
const HOUR = 3_600_000;

/** @throws RangeError when there are too few points after the warm-up */
export function growthOf(
  plain: readonly MemoryPoint[],
  darcy: readonly MemoryPoint[],
  measure: Measure,
): Growth {
  const first = Math.max(plain[0]?.at ?? 0, darcy[0]?.at ?? 0);
  const last = Math.min(plain.at(-1)?.at ?? 0, darcy.at(-1)?.at ?? 0);
  const from = first + Math.max(WARMUP_MILLIS, (last - first) * WARMUP_PART);
  const settled = (points: readonly MemoryPoint[]) => points.filter(({ at }) => at >= from);
  const seriesOf = (points: readonly MemoryPoint[]) =>
    points.map((point): Point => [point.at / HOUR, point[measure] / MEGABYTE]);
  const pairs = pairsOf(settled(plain), settled(darcy));
  const more = slopeOf(
    pairs.map(([one, other]): Point => [other.at / HOUR, (other[measure] - one[measure]) / MEGABYTE]),
  );
  const hours = (last - from) / HOUR;
  return {
    measure,
    plain: slopeOf(seriesOf(pairs.map(([one]) => one))),
    darcy: slopeOf(seriesOf(pairs.map(([, other]) => other))),
    more,
    grows: more.low > 0 && more.perUnit * hours > LEAST_MEGABYTES,
  };
}

/** In their order: both tell at the same pace. */
function pairsOf(
  plain: readonly MemoryPoint[],
  darcy: readonly MemoryPoint[],
): (readonly [MemoryPoint, MemoryPoint])[] {
  return darcy.flatMap((other, at) => {
    const one = plain[at];
    return one === undefined ? [] : [[one, other] as const];
  });
}
