// Model: the time that was measured. While threads rest nobody tells of it. When they did is the collector's word; in
// recordings that do not have it, between the windows of all of them time is missing.

import type { ProfileWindow, RestSpan } from "./profile.ts";

/** One after the other they follow each other to the microsecond; a shorter gap is a clock that was read twice. */
const LEAST_REST_MICROS = 100_000;

type Times = Pick<ProfileWindow, "startMicros" | "endMicros" | "restMicros">;
type WorkerTimes = Times & Pick<ProfileWindow, "worker">;

/** Microseconds of a window that were measured. */
export function measuredMicros({ startMicros, endMicros, restMicros = 0 }: Times): number {
  return Math.max(0, endMicros - startMicros - restMicros);
}

/** Microseconds of a rest between two neighbours of one thread, 0: there was none. */
export function restBetween(earlier: Times, later: Times): number {
  const gap = later.startMicros - earlier.endMicros;
  return gap >= LEAST_REST_MICROS ? gap : 0;
}

/** A clock that stands still while all rest. */
export class MeasuredClock {
  readonly startMicros: number;
  readonly endMicros: number;
  private readonly rests: readonly RestSpan[];
  /** Of the rests before each, together. */
  private readonly before: readonly number[];

  /** @param rests of the profile, also those outside of the windows */
  constructor(windows: readonly WorkerTimes[], rests?: readonly RestSpan[]) {
    let start = Number.POSITIVE_INFINITY;
    let end = Number.NEGATIVE_INFINITY;
    for (const { startMicros, endMicros } of windows) {
      start = Math.min(start, startMicros);
      end = Math.max(end, endMicros);
    }
    this.startMicros = windows.length > 0 ? start : 0;
    this.endMicros = windows.length > 0 ? end : 0;
    this.rests = (rests ?? gapsOf(windows)).flatMap(({ fromMicros, toMicros }) => {
      const span = { fromMicros: Math.max(start, fromMicros), toMicros: Math.min(end, toMicros) };
      return span.fromMicros < span.toMicros ? [span] : [];
    });
    let sum = 0;
    this.before = this.rests.map(({ fromMicros, toMicros }) => {
      const earlier = sum;
      sum += toMicros - fromMicros;
      return earlier;
    });
  }

  /** Measured microseconds from the start to `at`. */
  measuredTo(at: number): number {
    let low = 0;
    let high = this.rests.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.rests[middle] as RestSpan).fromMicros < at) low = middle + 1;
      else high = middle;
    }
    const last = this.rests[low - 1];
    const rested =
      last === undefined
        ? 0
        : (this.before[low - 1] as number) + Math.min(at, last.toMicros) - last.fromMicros;
    return Math.max(0, at - this.startMicros - rested);
  }
}

/** Time that no window tells of, before one of a worker that was seen earlier: where a server was gone and another came nobody rested. */
function gapsOf(windows: readonly WorkerTimes[]): RestSpan[] {
  const sorted = [...windows].sort((a, b) => a.startMicros - b.startMicros);
  const lastOf = new Map<number, number>();
  for (const { worker, startMicros } of sorted) lastOf.set(worker, startMicros);
  const gaps: RestSpan[] = [];
  /** Workers that were seen before, with their last windows' starts. */
  let goesOnUntil = Number.NEGATIVE_INFINITY;
  let measuredTo = sorted[0]?.startMicros ?? 0;
  let end = measuredTo;
  for (const { worker, startMicros, endMicros, restMicros = 0 } of sorted) {
    if (startMicros - measuredTo >= LEAST_REST_MICROS && goesOnUntil >= startMicros)
      gaps.push({ fromMicros: measuredTo, toMicros: startMicros });
    // Where in it a joined window rested is not known: as if at its end.
    measuredTo = Math.max(measuredTo, endMicros - restMicros);
    goesOnUntil = Math.max(goesOnUntil, lastOf.get(worker) ?? 0);
    end = Math.max(end, endMicros);
  }
  if (end - measuredTo >= LEAST_REST_MICROS) gaps.push({ fromMicros: measuredTo, toMicros: end });
  return gaps;
}
