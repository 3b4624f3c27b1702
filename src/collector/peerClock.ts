// Collector: places a thread's windows on the recording's clock. Each process reads the wall's clock once, at its
// start: where that was set meanwhile, the processes after it count otherwise than those before.

/** A window that ended so long ago, or will, was cut by another clock; a slow machine is not so slow. */
const LEAST_SHIFT_MICROS = 10_000_000;
/** Beyond the recording: nothing that we measured. */
const SLACK_MICROS = 3_600_000_000;

interface Span {
  readonly startMicros: number;
  readonly endMicros: number;
}

export class PeerClock {
  /** What is added to its times; null before its first window or glance. */
  shiftMicros: number | null = null;

  constructor(private readonly openedMicros: number) {}

  /** @throws RangeError when it says that it measured at a time at which nobody did */
  place<T extends Span>(window: T, nowMicros: number): T {
    const late = nowMicros - window.endMicros;
    this.shiftMicros ??= Math.abs(late) < LEAST_SHIFT_MICROS ? 0 : Math.round(late);
    const startMicros = window.startMicros + this.shiftMicros;
    const endMicros = window.endMicros + this.shiftMicros;
    if (startMicros < this.openedMicros - SLACK_MICROS || endMicros > nowMicros + SLACK_MICROS)
      throw new RangeError("Its windows are not of the time of the recording.");
    return this.shiftMicros === 0 ? window : { ...window, startMicros, endMicros };
  }
}
