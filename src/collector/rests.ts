// Collector: when a session's threads are measured and when they rest, all at the same time. What a server does under load
// repeats: after the first minute it is measured by spells, and in between it runs as without us. So what is left on costs
// little, while every figure is of measured time alone and as exact as before. While somebody looks on there is no rest.

import type { RestSpans } from "../model/restSpans.ts";
import type { RestMessage } from "../protocol/wire.ts";
import type { RestOptions } from "./sessionOptions.ts";

/** A server's own rhythm must not fall together with ours: each rest is this much longer or shorter. */
const SPREAD = 0.3;
/** Of a window that counts as load, the part in which the loop did not wait. */
const LEAST_ACTIVE = 0.02;

/** Of a rest: who comes in it first loads its code, which has to find what is measured in its place. */
const LOADING_PART = 0.1;

const { random } = Math;

/** The recording's, and its timers. */
export interface RestsClock {
  nowMicros(): number;
  /** @returns cancels it */
  after(millis: number, act: () => void): () => void;
}

/** A worker is known by whatever stands for it. */
export class Rests {
  /** Of a worker's windows under load since the last rest, milliseconds. */
  private measured = new Map<object, number>();
  private spell: number;
  private watched = false;
  private stopped = false;
  private untilMicros = 0;
  /** Have come in this rest. */
  private newcomers = new WeakSet<object>();
  private cancelEnd: () => void = () => undefined;

  /**
   * @param spans is told of each
   * @param send to all threads
   */
  constructor(
    private readonly options: RestOptions | null,
    private readonly spans: RestSpans,
    private readonly send: (message: RestMessage) => void,
    private readonly clock: RestsClock,
  ) {
    this.spell = options?.firstMillis ?? Number.POSITIVE_INFINITY;
  }

  get resting(): boolean {
    return this.leftMillis > 0;
  }

  /** A thread has come. Where it does not listen soon, which ends the rest for all, it rests like the others. */
  comes(worker: object, send: (message: RestMessage) => void): void {
    const { options } = this;
    if (options === null || !this.resting) return;
    this.newcomers.add(worker);
    this.clock.after(options.restMillis * LOADING_PART, () => {
      const { leftMillis } = this;
      if (leftMillis > 0) send({ type: "rest", millis: Math.ceil(leftMillis) });
    });
  }

  /** A window of a worker that listens. Its times in milliseconds. */
  window(worker: object, wallMillis: number, activeMillis: number): void {
    const { options } = this;
    if (options === null || this.stopped || this.resting || activeMillis < wallMillis * LEAST_ACTIVE) return;
    const millis = (this.measured.get(worker) ?? 0) + wallMillis;
    this.measured.set(worker, millis);
    if (this.watched || millis < this.spell) return;
    this.measured = new Map();
    this.spell = options.spellMillis;
    this.begin(Math.round(options.restMillis * (1 + SPREAD * (2 * random() - 1))));
  }

  /** A worker listens that did not before: a server that was started anew, or one more. It is measured in full at first. */
  listens(): void {
    if (this.options === null) return;
    this.measured = new Map();
    this.spell = this.options.firstMillis;
    this.wake();
  }

  /**
   * A thread's rest has ended before its time, since it loads code: it is measured, so all are. But for one that has just
   * come: it is not known before the others rest no more.
   */
  woken(worker: object): void {
    if (!this.newcomers.has(worker)) this.wake();
  }

  watch(watched: boolean): void {
    this.watched = watched;
    if (watched) this.wake();
  }

  stop(): void {
    this.stopped = true;
    this.cancelEnd();
  }

  private get leftMillis(): number {
    return (this.untilMicros - this.clock.nowMicros()) / 1_000;
  }

  private begin(millis: number): void {
    const now = this.clock.nowMicros();
    this.untilMicros = now + millis * 1_000;
    this.spans.begin(now, this.untilMicros);
    this.newcomers = new WeakSet();
    this.send({ type: "rest", millis });
    this.cancelEnd();
    // Each has a timer of its own, but who computed when it was sent to rest began later.
    this.cancelEnd = this.clock.after(millis, () => this.send({ type: "rest", millis: 0 }));
  }

  private wake(): void {
    if (!this.resting) return;
    this.untilMicros = this.clock.nowMicros();
    this.spans.end(this.untilMicros);
    this.cancelEnd();
    this.send({ type: "rest", millis: 0 });
  }
}
