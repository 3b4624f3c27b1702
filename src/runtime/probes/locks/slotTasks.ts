// Runtime: functions that a limiter runs, so many at a time: a call waits when all slots are taken, until its function
// starts. A function of which nothing is to be learned passes through untouched.

import { isPromise } from "node:util/types";
import { type Placed, Underway } from "../../underway.ts";
import { requestContext } from "../http/requestContext.ts";
import type { AnyFunction, Contention, Entry, Turn, Wait } from "./contention.ts";

const { then } = Promise.prototype;

/** Kept of one limiter. More would be tasks that are dropped without a word. */
const MAX_WAITS = 10_000;

/** Milliseconds, of a limiter that also lets nobody start for another reason than its places: it stands still then. */
export interface Clock {
  read(now: number): number;
}

interface SlotWait extends Wait, Placed {
  /** On the limiter's clock, if it has one. */
  readonly since: number;
}

/** Of one limiter. */
export class SlotTasks {
  private readonly waits = new Underway<SlotWait>();
  /** Stack of the known holder whose end lets the next in, 0 when unknown. */
  private released = 0;

  constructor(
    private readonly contention: Contention,
    private readonly entry: Entry,
    private readonly clock: Clock | null = null,
  ) {}

  /** Nobody waits. */
  get isEmpty(): boolean {
    return this.waits.size === 0;
  }

  /**
   * The function to queue: the user's own where nothing is to be learned from it.
   * @param queue how many will wait with it, 0 when it need not
   */
  prepare(task: AnyFunction, slots: number, queue: number): AnyFunction {
    const { contention } = this;
    if (slots === Number.POSITIVE_INFINITY || this.waits.size >= MAX_WAITS) return task;
    const turn = contention.begin(this.entry, this, slots);
    if (queue === 0 && turn === null) return task;
    contention.tell(turn, queue);
    const wait = queue > 0 ? this.wait(turn) : null;
    if (wait !== null) this.waits.add(wait);
    return this.runner(task, wait, turn);
  }

  /** The queue was emptied: nobody waits any more. */
  giveUp(): void {
    for (const wait of this.waits.all()) this.settle(wait, 0);
  }

  private wait(turn: Turn | null): SlotWait {
    const wait = this.contention.wait(turn);
    return { ...wait, since: this.clock?.read(wait.start) ?? 0, place: -1 };
  }

  private runner(task: AnyFunction, wait: SlotWait | null, turn: Turn | null): AnyFunction {
    const tasks = this;
    return function (this: unknown): unknown {
      if (wait !== null) tasks.settle(wait, tasks.released);
      if (turn === null) return run(wait, task, this, arguments);
      let result: unknown;
      try {
        result = run(wait, task, this, arguments);
      } catch (error) {
        tasks.release(turn);
        throw error;
      }
      tasks.follow(result, turn);
      return result;
    };
  }

  private settle(wait: SlotWait, holder: number): void {
    const { clock, contention } = this;
    try {
      // Each end lets one in.
      this.released = 0;
      if (!this.waits.delete(wait) || !contention.active) return;
      const now = contention.now();
      const waited = clock === null ? now - wait.start : clock.read(now) - wait.since;
      if (clock !== null && waited <= 0) return;
      const start = now - waited;
      contention.settle(this.entry.operation, { ...wait, start }, holder, { waitedMillis: waited });
    } catch (error) {
      contention.fault(error);
    }
  }

  private follow(result: unknown, turn: Turn): void {
    const release = () => this.release(turn);
    // The limiter handles its rejection. A foreign thenable might do its work twice.
    if (isPromise(result)) Reflect.apply(then, result, [release, release]);
    else release();
  }

  private release(turn: Turn): void {
    if (this.waits.size > 0) this.released = turn.stack;
  }
}

/** Who ends a task starts the next one: without more, that would run in the name of the request before. */
function run(wait: Wait | null, task: AnyFunction, self: unknown, args: IArguments): unknown {
  const request = wait?.request ?? null;
  return request === null
    ? Reflect.apply(task, self, args)
    : requestContext.within(request, task, self, args);
}
