// Recording: how often figures are made anew, so that they stay cheap however much there is to compute. Pure.

/** The pause after a computation: so many times the processor time that it took, between the two. */
export interface Pace {
  readonly leastMillis: number;
  /** However dear it is, nobody takes older figures for the newest. */
  readonly mostMillis: number;
  readonly times: number;
}
/** All figures: 0.7 % of a core, where one computation takes less than 57 ms. */
export const WHOLE: Pace = { leastMillis: 1_900, mostMillis: 8_000, times: 140 };
/** Nobody sees the panel: marks beside the code and the status bar are left. */
export const WHOLE_UNSEEN: Pace = { leastMillis: 4_000, mostMillis: 15_000, times: 140 };
/** Exact figures alone, with each second window: 1 % of a core, where one takes less than 40 ms. */
export const REFRESH: Pace = { leastMillis: 800, mostMillis: 4_000, times: 100 };

export class Pacer {
  #lastMillis = 0;

  /**
   * By what it took of the processor: on a busy machine the clock goes on while nothing is computed. Of the last two it is the
   * cheaper one: the first loads code and reads sources, and the process may have other things to do meanwhile.
   * @returns milliseconds
   */
  pauseAfter({ user, system }: NodeJS.CpuUsage, { leastMillis, mostMillis, times }: Pace): number {
    const millis = (user + system) / 1_000;
    const cost = Math.min(millis, this.#lastMillis);
    this.#lastMillis = millis;
    return Math.min(mostMillis, Math.max(leastMillis, times * cost));
  }
}
