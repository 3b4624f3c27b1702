// Runtime: when this thread did our own work of late: collections that it caused are not the server's.

/** Performance entries are told within a turn of the loop. */
const KEPT = 16;

export class OwnTimes {
  private spans: [from: number, to: number][] = [];

  /** Milliseconds of `performance.now`, as performance entries have them. */
  add(from: number, to: number): void {
    this.spans.push([from, to]);
    if (this.spans.length > KEPT) this.spans.shift();
  }

  holds(at: number): boolean {
    return this.spans.some(([from, to]) => at >= from && at <= to);
  }
}
