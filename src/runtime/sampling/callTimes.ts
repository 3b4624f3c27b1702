// Runtime: how long some of an operation's calls took, by size class. What a byte costs to parse or to serialise hangs on
// what it is part of: a long string costs a seventieth of small fields. So these operations are priced by their own time.

/** Of one window: all of the first calls are timed, then one in so many. */
const FIRST_CALLS = 32;
const STEP = 8;
/** A call that took so many times the usual, and longer than a tenth of a millisecond, was interrupted meanwhile. */
const LONGEST = 16;
const LONGEST_MICROS = 100;
/** Pairs of readings that tell what one costs. */
const CLOCK_TRIES = 50;

const now = performance.now.bind(performance);

function clockMicros(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < CLOCK_TRIES; i++) {
    const at = now();
    least = Math.min(least, now() - at);
  }
  return least * 1000;
}

export class CallTimes {
  private readonly clockMicros = clockMicros();
  private readonly timed: Float64Array;
  private readonly micros: Float64Array;
  /** Mean of a class so far, 0 before its first call. */
  private readonly usual: Float64Array;
  private left = 0;
  private first = FIRST_CALLS;

  constructor(classes: number) {
    this.timed = new Float64Array(classes);
    this.micros = new Float64Array(classes);
    this.usual = new Float64Array(classes);
  }

  /** Milliseconds of now when the call that begins is to be timed, else 0. */
  begin(): number {
    if (this.left > 0) {
      this.left--;
      return 0;
    }
    if (this.first > 0) this.first--;
    // At random, because the calls of each request come in the same order: STEP - 1 on average.
    else this.left = Math.floor(Math.random() * (2 * STEP - 1));
    return now();
  }

  /** Right after the call. Microseconds. */
  spent(begun: number): number {
    return Math.max(0, (now() - begun) * 1000 - this.clockMicros);
  }

  add(sizeClass: number, micros: number): void {
    const usual = this.usual[sizeClass] as number;
    const told = usual === 0 ? micros : Math.min(micros, Math.max(LONGEST_MICROS, LONGEST * usual));
    this.usual[sizeClass] = usual === 0 ? told : usual + (told - usual) / STEP;
    this.timed[sizeClass] = (this.timed[sizeClass] as number) + 1;
    this.micros[sizeClass] = (this.micros[sizeClass] as number) + told;
  }

  /** Calls that were timed since the last time, and what they took together. */
  take(sizeClass: number): readonly [timed: number, micros: number] {
    const taken = [this.timed[sizeClass] as number, this.micros[sizeClass] as number] as const;
    this.timed[sizeClass] = 0;
    this.micros[sizeClass] = 0;
    return taken;
  }

  /** A window ended. */
  restart(): void {
    this.first = FIRST_CALLS;
    this.left = 0;
  }
}
