// Runtime: how many stacks a category may take in a window. Deep stacks of a server that waits in many places cost six
// times what shallow ones do: so fewer are taken where they cost more than a fixed part of the thread's time. That is the
// time of the clock at first, so that a light load is soon known, and later the time that the thread is active, so that
// it does not pay for a light load as for a full one.

/** Of the thread's time, at the default of 50 a second; in proportion at others. */
const LIMIT = 0.01;
const DEFAULT_PER_SECOND = 50;
/** The rarer they are, the dearer is each: code that is seldom run is neither optimised nor in the processor's caches. */
const LEAST = 0.15;
/** Weight of what was seen before; the cost of one in eight stacks is measured, so that it varies. */
const MEMORY = 0.75;
/** Of windows with stacks, that are measured by the clock. */
const FIRST_MICROS = 60_000_000;
/** From one window to the next. */
const DOWN = 0.7;
const UP = 1.3;

export class StackBudget {
  /** Of the budget, what is spent of it. */
  factor = 1;
  private share = 0;
  private seenMicros = 0;

  /** @param limit part of the thread's time */
  constructor(
    private readonly perWindow: number,
    windowMillis: number,
    private readonly limit = (LIMIT * ((perWindow * 1000) / windowMillis)) / DEFAULT_PER_SECOND,
  ) {}

  get stacks(): number {
    return this.perWindow * this.factor;
  }

  /** A window ended in which taking stacks took so long. @param activeMicros of the window, that the thread did not wait */
  spent(micros: number, windowMicros: number, activeMicros: number): void {
    if (windowMicros <= 0) return;
    if (micros > 0) this.seenMicros += windowMicros;
    const time = this.seenMicros <= FIRST_MICROS ? windowMicros : activeMicros;
    this.share = this.share * MEMORY + Math.min(1, micros / Math.max(1, time)) * (1 - MEMORY);
    if (this.share > this.limit) this.factor = Math.max(LEAST, this.factor * DOWN);
    else if (this.share < this.limit * DOWN) this.factor = Math.min(1, this.factor * UP);
  }
}
