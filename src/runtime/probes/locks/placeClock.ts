// Runtime: a limiter's clock, which stands still while its rate (a minimum time between two, a reservoir) lets nobody start:
// with a free place they would wait as long, so that is no contention.

export class PlaceClock {
  private millis = 0;
  private readTo = 0;
  /** The rate lets nobody start before. */
  private startsFrom = 0;
  private reservoirEmpty = false;

  read(now: number): number {
    if (!this.reservoirEmpty) this.millis += Math.max(0, now - Math.max(this.readTo, this.startsFrom));
    this.readTo = now;
    return this.millis;
  }

  /** A job got a place, by which the rate counts. */
  taken(now: number, startsFrom: number, reservoirEmpty: boolean): void {
    this.read(now);
    this.startsFrom = startsFrom;
    this.reservoirEmpty = reservoirEmpty;
  }
}
