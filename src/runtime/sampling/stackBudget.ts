// Runtime: how many stacks a category may take in a window. Deep stacks of a server that waits in many places cost six
// times what shallow ones do: so fewer are taken where they cost more than a fixed part of the thread's time.

/** Of the thread's time, at the default of 50 a second; in proportion at others. */
const LIMIT = 0.01;
const DEFAULT_PER_SECOND = 50;
const LEAST = 0.2;
/** Weight of what was seen before; the cost of one in eight stacks is measured, so that it varies. */
const MEMORY = 0.75;
/** From one window to the next. */
const DOWN = 0.7;
const UP = 1.15;

export class StackBudget {
  private factor = 1;
  private share = 0;
  private readonly limit: number;

  constructor(
    private readonly perWindow: number,
    windowMillis: number,
  ) {
    this.limit = (LIMIT * ((perWindow * 1000) / windowMillis)) / DEFAULT_PER_SECOND;
  }

  get stacks(): number {
    return this.perWindow * this.factor;
  }

  /** A window ended in which taking stacks took so long. */
  spent(micros: number, windowMicros: number): void {
    if (windowMicros <= 0) return;
    this.share = this.share * MEMORY + (micros / windowMicros) * (1 - MEMORY);
    if (this.share > this.limit) this.factor = Math.max(LEAST, this.factor * DOWN);
    else if (this.share < this.limit * DOWN) this.factor = Math.min(1, this.factor * UP);
  }
}
