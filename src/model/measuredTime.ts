// Model: the time that was measured. While threads rest nobody tells of it: between the windows of all of them time is missing.

import type { ProfileWindow } from "./profile.ts";

/** One after the other they follow each other to the microsecond; a shorter gap is a clock that was read twice. */
const LEAST_REST_MICROS = 100_000;

type Times = Pick<ProfileWindow, "startMicros" | "endMicros" | "restMicros">;
interface Rest {
  readonly from: number;
  readonly to: number;
}

/** Microseconds of a window that were measured. */
export function measuredMicros({ startMicros, endMicros, restMicros = 0 }: Times): number {
  return Math.max(0, endMicros - startMicros - restMicros);
}

/** Microseconds of a rest between two neighbours of one thread, 0: there was none. */
export function restBetween(earlier: Times, later: Times): number {
  const gap = later.startMicros - earlier.endMicros;
  return gap >= LEAST_REST_MICROS ? gap : 0;
}

/** A clock that stands still while all rest. Where a server was gone and another came it goes on. */
export class MeasuredClock {
  readonly startMicros: number;
  readonly endMicros: number;
  private readonly rests: readonly Rest[];

  constructor(windows: readonly (Times & Pick<ProfileWindow, "worker">)[]) {
    const sorted = [...windows].sort((a, b) => a.startMicros - b.startMicros);
    this.startMicros = sorted[0]?.startMicros ?? 0;
    const lastOf = new Map<number, number>();
    for (const { worker, startMicros } of sorted) lastOf.set(worker, startMicros);
    const rests: Rest[] = [];
    /** Workers that were seen before, with their last windows' starts. */
    let goesOnUntil = Number.NEGATIVE_INFINITY;
    let measuredTo = this.startMicros;
    let end = this.startMicros;
    for (const { worker, startMicros, endMicros, restMicros = 0 } of sorted) {
      if (startMicros - measuredTo >= LEAST_REST_MICROS && goesOnUntil >= startMicros)
        rests.push({ from: measuredTo, to: startMicros });
      // Where in it a joined window rested is not known: as if at its end.
      measuredTo = Math.max(measuredTo, endMicros - restMicros);
      goesOnUntil = Math.max(goesOnUntil, lastOf.get(worker) ?? 0);
      end = Math.max(end, endMicros);
    }
    if (end - measuredTo >= LEAST_REST_MICROS) rests.push({ from: measuredTo, to: end });
    this.rests = rests;
    this.endMicros = end;
  }

  /** Measured microseconds from the start to `at`. */
  measuredTo(at: number): number {
    let micros = Math.max(0, at - this.startMicros);
    for (const { from, to } of this.rests) {
      if (at <= from) break;
      micros -= Math.min(at, to) - from;
    }
    return micros;
  }

  /** Of its whole time, 0 to 1. */
  get share(): number {
    const whole = this.endMicros - this.startMicros;
    return whole > 0 ? this.measuredTo(this.endMicros) / whole : 1;
  }
}
