// Runtime: when a thread is measured and when it rests. What a server does under load repeats: after the first minute it is
// measured by spells, and in between it runs as without us. So what is left on costs little, while every figure is
// of measured time alone and as exact as before. While somebody looks on there is no rest.

import type { RestOptions } from "../protocol/sessionFile.ts";

/** Rests of several workers, and a server's own rhythm, must not fall together: each is this much longer or shorter. */
const SPREAD = 0.3;
/** Of a window that counts as load, the part in which the loop did not wait. */
const LEAST_ACTIVE = 0.02;

export class RestCycle {
  private measuredMillis = 0;
  private spell: number;
  private watched = false;

  constructor(
    private readonly options: RestOptions | null,
    private readonly random: () => number = Math.random,
  ) {
    this.spell = options?.firstMillis ?? Number.POSITIVE_INFINITY;
  }

  /** Somebody looks at the figures as they come. */
  watch(watched: boolean): void {
    this.watched = watched;
  }

  /** A window was cut. @returns how long to rest from now on, milliseconds; 0: not at all */
  measured(wallMillis: number, activeMillis: number): number {
    const { options } = this;
    if (options === null || activeMillis < wallMillis * LEAST_ACTIVE) return 0;
    this.measuredMillis += wallMillis;
    if (this.watched || this.measuredMillis < this.spell) return 0;
    this.measuredMillis = 0;
    this.spell = options.spellMillis;
    return options.restMillis * (1 + SPREAD * (2 * this.random() - 1));
  }
}
