// Collector: the clock that profiles count in.

/** Microseconds since the epoch. */
export function nowMicros(): number {
  return Date.now() * 1_000;
}
