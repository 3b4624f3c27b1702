// Runtime: which events get a stack. Exponential countdown over the events' amounts, so that an event of n is
// taken with probability p = 1 - exp(-n / interval), at most once, and weighs 1 / p: unbiased for any mix of
// sizes, also while the interval changes between events.

/** Random in (0, 1]: never 0, whose logarithm has no end. */
type Random = () => number;

/** Samples of a window that are no reason for taking fewer; less than one in a window is aimed at where stacks are dear. */
const LEAST_LIMIT = 2;

export class PoissonSampler {
  /** Mean amount between samples; 0 takes every event. */
  private interval = 0;
  private countdown = 0;
  private taken = 0;
  private passed = 0;
  private events = 0;
  private limit: number;
  /** The interval was guessed from a load's first moments: the window's end knows better. */
  private raised = false;

  /**
   * @param perWindow samples to aim at in one window
   * @param elapsed the part of this window that is over, above 0
   */
  constructor(
    private perWindow: number,
    private readonly random: Random = () => 1 - Math.random(),
    private readonly elapsed: () => number = () => 1,
  ) {
    this.limit = perWindow;
  }

  /**
   * The event's weight when it is to be sampled, else 0. An amount of 0 is never sampled.
   * @param cost how many samples of the budget taking it uses up
   */
  take(amount: number, cost = 1): number {
    this.passed += amount;
    this.events++;
    this.countdown -= amount;
    if (this.countdown > 0 || amount <= 0) return 0;
    return this.sample(amount, cost);
  }

  /** An event that was left out by other means: it counts for the interval. */
  skip(amount: number): void {
    this.passed += amount;
    this.events++;
  }

  /** Amount that the window saw so far. */
  get amount(): number {
    return this.passed;
  }

  /**
   * Adapts the interval to what the window held; half-way, so that one odd window does not swing it. After one
   * whose events were all within the budget it takes every event again, and figures are exact.
   * @param perWindow samples to aim at from here on
   */
  endWindow(perWindow: number): void {
    this.perWindow = perWindow;
    if (this.events <= this.perWindow) this.interval = 0;
    else if (this.raised) this.interval = this.passed / this.perWindow;
    else if (this.interval > 0 || this.taken > this.perWindow) {
      this.interval = (this.interval + this.passed / this.perWindow) / 2;
    }
    this.raised = false;
    this.taken = 0;
    this.passed = 0;
    this.events = 0;
    this.limit = Math.max(LEAST_LIMIT, this.perWindow);
    this.draw();
  }

  private sample(amount: number, cost: number): number {
    const weight = this.interval === 0 ? 1 : 1 / (1 - Math.exp(-amount / this.interval));
    this.taken += cost;
    if (this.taken >= this.limit) {
      // Over budget within the window: half as many from here on, and again after as many more. A load that
      // has just set in uses the budget up at once: then as few as make as many more by the window's end.
      this.raised ||= this.interval === 0;
      const ahead = this.raised ? this.passed / this.perWindow / this.elapsed() : 0;
      this.interval = Math.max(this.interval * 2, (2 * this.passed) / this.taken, ahead);
      this.limit = this.taken + this.perWindow;
    }
    this.draw();
    return weight;
  }

  private draw(): void {
    this.countdown = this.interval === 0 ? 0 : -Math.log(this.random()) * this.interval;
  }
}
