// Collector: while somebody looks on, all threads are asked at the same time, four times a second, what there is: each second time
// for their windows, in between for glances at them. So what a view shows is soon what happened, and of one moment.

import type { LookMessage } from "../protocol/wire.ts";

const EVERY_MILLIS = 250;
/** Whoever has not answered by then computes: the others' figures do not wait for it. */
const LATE_MILLIS = 60;
/** An answer that has not come by then does not come any more. */
const LOST_MILLIS = 2_000;
/** Of more threads each one's windows come when it cuts them. */
const MOST_THREADS = 32;

/** A thread's connection. */
export interface Looked {
  send(message: LookMessage): void;
}

/** Milliseconds, of a clock that nobody sets, and its timers. */
export interface LooksClock {
  now(): number;
  /** @returns cancels it */
  after(millis: number, act: () => void): () => void;
}

const REAL: LooksClock = {
  now: () => performance.now(),
  after(millis, act) {
    const timer = setTimeout(act, millis);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export class Looks {
  private watched = false;
  private cut = false;
  /** When each was asked that has not answered yet. */
  private readonly asked = new Map<Looked, number>();
  /** Of these, the ones that the newest look waits for. */
  private readonly missing = new Set<Looked>();
  /** Since the last time that all was told. */
  private news = false;
  private windows = false;
  /** The newest look has not been told of. */
  private open = false;
  private cancelBeat: () => void = () => undefined;
  private cancelLate: () => void = () => undefined;

  /**
   * @param threads all that are connected
   * @param seen what there is has come; `windows`: new ones are among it
   */
  constructor(
    private readonly threads: () => readonly Looked[],
    private readonly seen: (windows: boolean) => void,
    private readonly clock: LooksClock = REAL,
  ) {}

  /** Answers come by looks, and `seen` tells of them; else each window has to be told of by itself. */
  get running(): boolean {
    return this.watched && this.threads().length <= MOST_THREADS;
  }

  watch(watched: boolean): void {
    if (watched === this.watched) return;
    this.watched = watched;
    if (watched) this.beat(this.clock.now());
    else this.stop();
  }

  answered(thread: Looked, window: boolean): void {
    this.news = true;
    this.windows ||= window;
    this.asked.delete(thread);
    this.missing.delete(thread);
    // What comes later is told of with the next look: each time costs a computation.
    if (this.running && this.open && this.missing.size === 0) this.told();
  }

  stop(): void {
    this.watched = false;
    this.cancelBeat();
    this.cancelLate();
    this.missing.clear();
    this.asked.clear();
  }

  private beat(due: number): void {
    const now = this.clock.now();
    // Without drift; late, the beats that were missed are left out.
    const next = Math.max(due + EVERY_MILLIS, now + EVERY_MILLIS / 2);
    this.cancelBeat = this.clock.after(next - now, () => this.beat(next));
    const threads = this.threads();
    if (threads.length > MOST_THREADS) return;
    this.cut = !this.cut;
    this.missing.clear();
    for (const gone of [...this.asked.keys()].filter((each) => !threads.includes(each)))
      this.asked.delete(gone);
    for (const thread of threads) {
      if (now - (this.asked.get(thread) ?? Number.NEGATIVE_INFINITY) < LOST_MILLIS) continue;
      this.asked.set(thread, now);
      this.missing.add(thread);
    }
    for (const thread of [...this.missing]) thread.send({ type: "look", cut: this.cut });
    this.cancelLate();
    this.open = this.missing.size > 0;
    if (this.open) this.cancelLate = this.clock.after(LATE_MILLIS, () => this.told());
    else if (this.news) this.told();
  }

  private told(): void {
    this.cancelLate();
    this.missing.clear();
    const { windows } = this;
    this.open = false;
    this.news = false;
    this.windows = false;
    this.seen(windows);
  }
}
