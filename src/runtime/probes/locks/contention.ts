// Runtime: which acquires of a lock get a stack, so that a sampled wait has the waiter's and the holder's line.
// A holder's stack can only be had when it acquires, before anybody waits for it. So the coin is tossed for
// acquires, whether they wait or not: a chosen one becomes a known holder, and the acquire that it will let in
// (the next one; with N slots the Nth after it) is the sampled wait if it has to wait. The coin knows nothing
// of that wait, so its weight holds for it: unbiased. Not chosen acquires cost some nanoseconds.

import type { Faults } from "../../faults.ts";
import type { Meter } from "../../sampling/meter.ts";
import type { Operation } from "../../sampling/operations.ts";
import { PoissonSampler } from "../../sampling/poissonSampler.ts";
import type { WaitDetail } from "../../sampling/waitDetails.ts";
import type { RequestToken } from "../http/requestContext.ts";
import type { ProbeContext } from "../probe.ts";
import { BackgroundOperations, isBackground, type Waiter, waiter } from "./background.ts";
import { loopWatch } from "./loop/loopWatch.ts";

// Our own, taken before the user's code (or its fake timers) can replace them.
const now = performance.now.bind(performance);
const { random } = Math;

/** Past that many slots the acquire that is let in can't be foretold; the holder is then often unknown. */
const MAX_SPAN = 16;

// biome-ignore lint/complexity/noBannedTypes: any function can be patched
export type AnyFunction = Function;

/** How an acquire is called: what users see it as, and the function above which their stack begins. */
export interface Entry {
  readonly operation: Operation;
  readonly above: AnyFunction;
}

/** An acquire whose stack was taken. */
export interface Turn {
  readonly stack: number;
  /** Of its wait, if it has to; 0: it is only a known holder. */
  readonly weight: number;
  /** What its lock's probe knows of the wait, if it is one. */
  readonly detail: WaitDetail;
  /** Who waits. */
  readonly request: RequestToken | null;
}

/** One who found the lock taken. */
export interface Wait {
  /** On the clock of `now`. */
  readonly start: number;
  /** Null: no stack was taken. */
  readonly turn: Turn | null;
  readonly request: Waiter;
}

/** How a wait ended, milliseconds. */
export interface Ended {
  /** It waited so long, where that is not all of the time since it began. */
  readonly waitedMillis?: number;
  /** Who waited gave up after so long, if it was not let in before. */
  readonly patienceMillis?: number;
}

/** A lock near a chosen acquire. */
interface Lane {
  passed: number;
  readonly due: { readonly at: number; readonly weight: number }[];
}

export class Contention {
  /** False: every wrapper passes straight through. */
  active = true;
  readonly meter: Meter;
  readonly faults: Faults;
  private readonly sampler: PoissonSampler;
  /** Samples that a window can have. */
  readonly perWindow: number;
  private readonly lanes = new WeakMap<object, Lane>();
  private readonly background: BackgroundOperations;
  private armed = 0;

  constructor(
    readonly owner: string,
    readonly context: ProbeContext,
  ) {
    this.meter = context.meter;
    this.faults = context.faults;
    this.background = new BackgroundOperations(context.meter);
    const { stacksPerSecond, windowMillis } = context.options;
    // Half of the budget: a sampled wait takes two stacks.
    this.perWindow = Math.max(1, Math.round((stacksPerSecond * windowMillis) / 2000));
    this.sampler = new PoissonSampler(this.perWindow);
  }

  /** Milliseconds on the clock that waits are measured with. */
  now(): number {
    return now();
  }

  /** Whether this call is to be looked at: not our own, and the probe runs. */
  get watching(): boolean {
    return this.active && !this.meter.ours;
  }

  /**
   * Called before each acquire. Null nearly always: its stack was not taken.
   * @param first nobody of this thread had the lock before it, so its wait is chosen by its own toss
   */
  begin(entry: Entry, lock: object, slots: number, first = false): Turn | null {
    const lane = this.armed === 0 ? undefined : this.lanes.get(lock);
    const weight = this.toss(slots);
    if (lane === undefined && weight === 0) return null;
    const due = this.pass(lock, lane);
    const turn = this.turn(entry, first ? weight : due);
    if (weight > 0) this.arm(lock, Math.min(slots, MAX_SPAN), weight);
    return turn;
  }

  /** An acquire that is chosen otherwise (`choose`), for those that count by their order. */
  pastBy(lock: object): void {
    if (this.armed > 0) this.pass(lock, this.lanes.get(lock));
  }

  /** For a wait that has nobody before it on this thread: chosen by its own toss. */
  choose(entry: Entry): Turn | null {
    const weight = this.meter.resting ? 0 : this.sampler.take(1);
    return weight === 0 ? null : this.turn(entry, weight);
  }

  private turn({ above }: Entry, weight: number): Turn {
    const { stacks, request } = this.meter;
    return { stack: stacks.capture(above), weight, detail: { key: "", queue: 0, releaser: 0 }, request };
  }

  /** Called by the code that has to wait, so that it is known whose it is. */
  wait(turn: Turn | null, start = now()): Wait {
    return { start, turn, request: waiter() };
  }

  /** What is known of a wait when it begins. @param queue how many wait, this one included */
  tell(turn: Turn | null, queue: number, key = ""): void {
    if (turn === null) return;
    turn.detail.queue = queue;
    turn.detail.key = key;
  }

  /** Who lets a waiter in, where that wait is sampled. To be called before `settle`. */
  releasedBy(turn: Turn | null, above: AnyFunction): void {
    if (turn !== null && turn.weight > 0) turn.detail.releaser = this.meter.stacks.capture(above);
  }

  /** The end of a wait. @param holder the stack of who let it in, 0 when unknown */
  settle(operation: Operation, { start, turn, request }: Wait, holder: number, ended: Ended = {}): void {
    const { waitedMillis = Number.POSITIVE_INFINITY, patienceMillis = Number.POSITIVE_INFINITY } = ended;
    const passed = now() - start;
    const waited = Math.min(passed, waitedMillis, patienceMillis);
    const sampled = turn !== null && turn.weight > 0 ? turn : null;
    // Who gave up may have answered since. Timers count from their turn's beginning, so that they are early.
    if (isBackground(request, passed > patienceMillis / 2)) {
      this.meter.settle(this.background.of(operation), waited * 1000, sampled, holder);
      return;
    }
    loopWatch.current?.lockWaited(start, start + waited);
    this.meter.settle(operation, waited * 1000, sampled, holder);
  }

  /** What went wrong in our own code, which the user's code must not see. */
  fault(error: unknown): void {
    this.faults.add(this.owner, error);
  }

  endWindow(): void {
    this.sampler.endWindow(this.perWindow);
  }

  /** The weight with which the acquire `slots` further on is sampled, else 0. */
  private toss(slots: number): number {
    if (this.meter.resting) return 0;
    if (slots === 1) return this.sampler.take(1);
    // All acquires up to that one get a stack, so that whoever lets it in is known: the rarer the more slots.
    const span = Math.min(slots, MAX_SPAN);
    if (random() * span < 1) return this.sampler.take(1, span) * span;
    this.sampler.skip(1);
    return 0;
  }

  /** The weight due at this acquire. */
  private pass(lock: object, lane: Lane | undefined): number {
    if (lane === undefined) return 0;
    lane.passed++;
    let weight = 0;
    while (lane.due[0] !== undefined && lane.due[0].at <= lane.passed)
      weight += lane.due.shift()?.weight ?? 0;
    if (lane.due.length === 0) {
      this.lanes.delete(lock);
      this.armed--;
    }
    return weight;
  }

  private arm(lock: object, span: number, weight: number): void {
    const lane = this.lanes.get(lock);
    if (lane !== undefined) {
      lane.due.push({ at: lane.passed + span, weight });
      return;
    }
    this.lanes.set(lock, { passed: 0, due: [{ at: span, weight }] });
    this.armed++;
  }
}
