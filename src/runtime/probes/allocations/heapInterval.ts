// Runtime: the interval of the next profile. Pure.

/** Profiles take turns with a little different ones, by which object sizes are told apart (see objectSizes.ts). */
const TURNS = [1, 0.9844, 0.9688, 0.9531];

/**
 * The wanted interval, or a wider one where so many bytes would make too many samples (reading one costs about
 * 1 µs). In few steps, because the possible sizes are remembered by interval.
 */
export function intervalFor(
  wantedBytes: number,
  expectedBytes: number,
  mostSamples: number,
  turn: number,
): number {
  const wider = Math.max(1, expectedBytes / mostSamples / wantedBytes);
  const step = 2 ** (Math.ceil(2 * Math.log2(wider)) / 2);
  return Math.max(1, Math.round(wantedBytes * step * (TURNS[turn % TURNS.length] ?? 1)));
}
