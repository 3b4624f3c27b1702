// Runtime: the interval of the next profile. Pure.

/**
 * 8 * 2520: of an interval that most small sizes divide, the inspector tells an object of n bytes as the
 * interval + n, so that sizes can be read back (see protocol/objectSizes.ts).
 */
const READABLE = 20_160;
/** 8 * 2480: what two sizes share under the one, they mostly do not under the other. */
const OTHER = 19_840;

/** Of the two halves of a window: the intervals of this turn and of the next. */
export function intervalsFor(...[wanted, expected, most, turn]: Parameters<typeof intervalFor>): number[] {
  return [turn, turn + 1].map((each) => intervalFor(wanted, expected, most, each));
}

/**
 * About the wanted interval, or a wider one where so many bytes would make too many samples (reading one costs
 * about 1 µs). In few steps, because the possible sizes are remembered by interval; profiles take turns.
 */
export function intervalFor(
  wantedBytes: number,
  expectedBytes: number,
  mostSamples: number,
  turn: number,
): number {
  const wider = Math.max(1, expectedBytes / mostSamples / wantedBytes);
  const step = 2 ** Math.ceil(Math.log2(wider));
  return (turn % 2 === 0 ? READABLE : OTHER) * Math.max(1, Math.round((wantedBytes * step) / READABLE));
}
