// Runtime: how long a limiter's places were all taken by functions that run. Waits for its rate (a minimum time between
// two, a reservoir) pass while places are free, or while they are kept for somebody who may not run yet: no contention.

/** A place that is given on within it was never free: the library takes some turns of the loop for it. */
const HAND_OVER_MILLIS = 12;

export class BusyClock {
  private running = 0;
  private readonly most: number;
  private fullSince = Number.NaN;
  private freedAt = Number.NaN;
  private fullMillis = 0;

  constructor(most: number) {
    this.most = most;
  }

  began(weight: number, now: number): void {
    this.running += weight;
    if (this.running < this.most || !Number.isNaN(this.fullSince)) return;
    this.fullMillis += this.handOver(now);
    this.fullSince = now;
    this.freedAt = Number.NaN;
  }

  ended(weight: number, now: number): void {
    this.running -= weight;
    if (Number.isNaN(this.fullSince) || this.running >= this.most) return;
    this.fullMillis += now - this.fullSince;
    this.fullSince = Number.NaN;
    this.freedAt = now;
  }

  /** The place that was freed goes to one that its rate holds back: the others would not run sooner with it. */
  delayed(): void {
    this.freedAt = Number.NaN;
  }

  /** Milliseconds up to now. */
  read(now: number): number {
    return this.fullMillis + (Number.isNaN(this.fullSince) ? this.handOver(now) : now - this.fullSince);
  }

  private handOver(now: number): number {
    const free = now - this.freedAt;
    return free <= HAND_OVER_MILLIS ? free : 0;
  }
}
