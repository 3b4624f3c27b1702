// Leaf: log-linear latency buckets, as HDR histograms have them: 16 to each doubling, so that a value read
// back (the middle of its bucket) is within 3.2 % of what was recorded. Microseconds from 1 to 2^31.

const STEPS = 16;
const LAST = STEPS * 31;

export const BUCKET_COUNT = LAST + 1;

/** The bucket of a latency in microseconds; clamps at both ends. Called for every request: in whole numbers alone. */
export function bucketOf(micros: number): number {
  if (!(micros >= 1)) return 0;
  if (micros >= 2 ** 31) return LAST;
  const whole = micros | 0;
  const doubling = 31 - Math.clz32(whole);
  const sixteenths = doubling < 4 ? (micros * STEPS) >> doubling : whole >> (doubling - 4);
  return doubling * STEPS + sixteenths - STEPS;
}

/** The middle of a bucket, microseconds. */
export function bucketMicros(bucket: number): number {
  const doubling = Math.floor(bucket / STEPS);
  return 2 ** doubling * (1 + ((bucket % STEPS) + 0.5) / STEPS);
}
