// Collector: when a session's threads are measured and when they rest, all at the same time. What a server does under load
// repeats: after the first minute it is measured by spells, and in between it runs as without us. So what is left on costs
// little, while every figure is of measured time alone and as exact as before. While somebody looks on there is no rest.

import type { RestMessage } from "../protocol/wire.ts";
import type { RestOptions } from "./sessionOptions.ts";

/** A server's own rhythm must not fall together with ours: each rest is this much longer or shorter. */
const SPREAD = 0.3;
/** Of a window that counts as load, the part in which the loop did not wait. */
const LEAST_ACTIVE = 0.02;

const { random } = Math;

export class Rests {
  /** Of a worker's windows under load since the last rest, milliseconds; by what stands for the worker. */
  private measured = new Map<object, number>();
  private spell: number;
  private watched = false;
  private until = 0;

  /**
   * @param send to all threads
   * @param now milliseconds, of a clock that nobody sets
   */
  constructor(
    private readonly options: RestOptions | null,
    private readonly send: (message: RestMessage) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.spell = options?.firstMillis ?? Number.POSITIVE_INFINITY;
  }

  get resting(): boolean {
    return this.now() < this.until;
  }

  /** What a thread that comes now is told; null: nothing. */
  get greeting(): RestMessage | null {
    const millis = this.until - this.now();
    return millis > 0 ? { type: "rest", millis: Math.ceil(millis) } : null;
  }

  /** A window of a worker that listens. Its times in milliseconds. */
  window(worker: object, wallMillis: number, activeMillis: number): void {
    const { options } = this;
    if (options === null || this.resting || activeMillis < wallMillis * LEAST_ACTIVE) return;
    const millis = (this.measured.get(worker) ?? 0) + wallMillis;
    this.measured.set(worker, millis);
    if (this.watched || millis < this.spell) return;
    this.measured = new Map();
    this.spell = options.spellMillis;
    const rest = Math.round(options.restMillis * (1 + SPREAD * (2 * random() - 1)));
    this.until = this.now() + rest;
    this.send({ type: "rest", millis: rest });
  }

  /** A worker listens that did not before: a server that was started anew, or one more. It is measured in full at first. */
  listens(): void {
    if (this.options === null) return;
    this.measured = new Map();
    this.spell = this.options.firstMillis;
    this.wake();
  }

  watch(watched: boolean): void {
    this.watched = watched;
    if (watched) this.wake();
  }

  private wake(): void {
    if (!this.resting) return;
    this.until = 0;
    this.send({ type: "rest", millis: 0 });
  }
}
