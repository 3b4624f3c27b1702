// Runtime: libuv's thread pool as it must have been, from when jobs were handed in and when they were done: so many
// threads, first in, first out. A job that waits starts when a former one ends. Times in milliseconds.

import { type Placed, Underway } from "../../../underway.ts";
import type { Waiter } from "../../locks/background.ts";

/** Jobs done so many ago can no longer be found as somebody's holder. */
const REMEMBERED = 64;
/** libuv runs slow jobs (dns look-ups) on half of the threads, rounded up. */
const slowThreads = (size: number) => Math.floor((size + 1) / 2);

const NONE: readonly PoolJob[] = [];

export interface PoolJob extends Placed {
  readonly submitted: number;
  readonly slow: boolean;
  /** Darcy's own: it takes its turn, and is in no figure. */
  readonly own: boolean;
  /** Of the call that handed it in, when it was chosen for a sample; else 0. */
  readonly stack: number;
  readonly weight: number;
  /** What it is, to whoever handed it in. */
  readonly name: string;
  /** Who waits for it. */
  readonly request: Waiter;
  /** Queue that it joined, itself included; 0: it started at once. */
  queue: number;
  /** Below 0 until it starts. */
  started: number;
  done: number;
}

export interface PoolSums {
  jobs: number;
  /** Time with a job, summed over the threads. */
  busyMillis: number;
  /** Time with jobs on all threads and others that wait. */
  saturatedMillis: number;
}

export class PoolModel {
  private readonly running = new Underway<PoolJob>();
  private readonly queue: PoolJob[] = [];
  /** Done lately, with a stack: a ring. */
  private readonly past: PoolJob[] = [];
  private pastAt = 0;
  private slowRunning = 0;
  private at = 0;
  /** Handed in so far. */
  jobs = 0;
  private sums: PoolSums = { jobs: 0, busyMillis: 0, saturatedMillis: 0 };

  constructor(
    readonly size: number,
    private readonly random: () => number = Math.random,
  ) {}

  submit(
    now: number,
    slow: boolean,
    stack: number,
    weight: number,
    name = "",
    own = false,
    request: Waiter = undefined,
  ): PoolJob {
    this.pass(now);
    const job: PoolJob = {
      submitted: now,
      slow,
      own,
      name,
      stack,
      weight,
      request,
      queue: 0,
      started: -1,
      done: -1,
      place: -1,
    };
    if (!own) {
      this.jobs++;
      this.sums.jobs++;
    }
    // Whoever is in the queue could not start.
    if (this.canStart(job)) this.start(job, now);
    else job.queue = this.queue.push(job);
    return job;
  }

  /** It is done; returns who waited and has started by that. */
  done(job: PoolJob, now: number): readonly PoolJob[] {
    if (job.done >= 0) return NONE;
    this.pass(now);
    job.done = now;
    if (this.running.delete(job)) {
      if (job.slow) this.slowRunning--;
    } else {
      // Others ended before without a word: it has started at some time before now.
      const place = this.queue.indexOf(job);
      if (place >= 0) this.queue.splice(place, 1);
      job.started = now;
    }
    if (job.stack !== 0) this.remember(job);
    let started = NONE;
    while (this.queue.length > 0) {
      const next = this.queue.findIndex((waiting) => this.canStart(waiting));
      if (next < 0) break;
      const waited = (next === 0 ? this.queue.shift() : this.queue.splice(next, 1)[0]) as PoolJob;
      this.start(waited, now);
      started = started.length === 0 ? [waited] : [...started, waited];
    }
    return started;
  }

  /** The stack of one who had a thread while `job` waited, as likely as it had it for long; 0: not known. */
  holderOf(job: PoolJob): number {
    let sum = 0;
    let chosen = 0;
    const consider = (other: PoolJob, until: number) => {
      if (other === job || other.stack === 0 || other.started < 0) return;
      const overlap = Math.min(until, job.started) - Math.max(other.started, job.submitted);
      if (overlap <= 0) return;
      sum += overlap * other.weight;
      if (this.random() * sum < overlap * other.weight) chosen = other.stack;
    };
    for (const other of this.running.all()) consider(other, job.started);
    for (const other of this.past) consider(other, other.done);
    return chosen;
  }

  /** Jobs whose end nobody has heard of since: they would hold their threads for ever. */
  forget(submittedBefore: number): void {
    for (const job of [...this.running.all(), ...this.queue])
      if (job.submitted < submittedBefore) this.done(job, this.at);
  }

  take(now: number): PoolSums {
    this.pass(now);
    const { sums } = this;
    this.sums = { jobs: 0, busyMillis: 0, saturatedMillis: 0 };
    return sums;
  }

  private canStart({ slow }: PoolJob): boolean {
    return this.running.size < this.size && !(slow && this.slowRunning >= slowThreads(this.size));
  }

  private start(job: PoolJob, now: number): void {
    job.started = now;
    this.running.add(job);
    if (job.slow) this.slowRunning++;
  }

  private remember(job: PoolJob): void {
    this.past[this.pastAt] = job;
    this.pastAt = (this.pastAt + 1) % REMEMBERED;
  }

  private pass(now: number): void {
    const passed = now - this.at;
    this.at = now;
    this.sums.busyMillis += passed * this.running.size;
    if (this.queue.length > 0 && this.running.size >= this.size) this.sums.saturatedMillis += passed;
  }
}
