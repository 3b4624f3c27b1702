// Collector: the clock that a recording counts in: the wall's at its start, and from then on one that nobody sets.

/** A clock that is set, or a machine that slept, must not end a wait early, or tear a recording in two. */
export class Clock {
  private readonly originMicros: number;

  constructor(
    private readonly monotonicMs = () => performance.now(),
    wallMs = Date.now,
  ) {
    this.originMicros = (wallMs() - monotonicMs()) * 1_000;
  }

  /** Microseconds since the epoch. */
  nowMicros(): number {
    return Math.round(this.originMicros + this.monotonicMs() * 1_000);
  }

  /** No reason for the process to live on. @returns cancels it */
  after(millis: number, act: () => void): () => void {
    const timer = setTimeout(act, millis);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
