// Runtime: when this thread stood still for a collection of late: what it kept waiting then is the collector's doing, and no line's.

/** Shorter ones make no block of the loop. */
const LEAST_MILLIS = 1;
/** The newest: some seconds of a heap that is collected all the time. */
const MOST_KEPT = 256;

/** Milliseconds of `performance.now()`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export class CollectionPauses {
  private readonly pauses: Span[] = [];

  /** They are told some turns of the loop later. */
  add(startMillis: number, durationMillis: number): void {
    if (durationMillis < LEAST_MILLIS) return;
    if (this.pauses.length >= MOST_KEPT) this.pauses.shift();
    this.pauses.push({ from: startMillis, to: startMillis + durationMillis });
  }

  /** Of a time that is over, as far as was told. */
  millisWithin({ from, to }: Span): number {
    let millis = 0;
    for (const pause of this.pauses)
      millis += Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from));
    return millis;
  }
}

/** One a thread: whoever is told of collections adds to it. */
export const collectionPauses = new CollectionPauses();
