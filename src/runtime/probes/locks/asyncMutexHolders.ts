// Runtime: whose release of `async-mutex` is running, so that the waits which it ends know their holder.

import type { AnyFunction, Contention, Turn } from "./contention.ts";

export class Holders {
  /** The acquire whose releaser is about to be made. */
  granting: Turn | null = null;
  /** Stack of the acquire that is being released, 0 when unknown. */
  releasing = 0;
  /** Known holders of semaphores of one, for releases without a releaser (`mutex.release()`). */
  private readonly soles = new WeakMap<object, number>();
  private soleCount = 0;

  newReleaser(original: AnyFunction): AnyFunction {
    const holders = this;
    const { _newReleaser } = {
      _newReleaser(this: unknown): unknown {
        const releaser: unknown = Reflect.apply(original, this, arguments);
        const turn = holders.granting;
        if (turn === null || typeof releaser !== "function") return releaser;
        holders.granting = null;
        return holders.link(releaser, turn);
      },
    };
    return _newReleaser;
  }

  /** A releaser that says whose it is. */
  link(releaser: AnyFunction, turn: Turn): AnyFunction {
    return (...args: unknown[]): unknown => {
      const outer = this.releasing;
      this.releasing = turn.stack;
      try {
        return Reflect.apply(releaser, undefined, args);
      } finally {
        this.releasing = outer;
      }
    };
  }

  release(contention: Contention, original: AnyFunction): AnyFunction {
    const holders = this;
    const { release } = {
      release(this: object): unknown {
        if (holders.soleCount === 0 || !contention.active) return Reflect.apply(original, this, arguments);
        const stack = holders.soles.get(this);
        if (stack === undefined) return Reflect.apply(original, this, arguments);
        holders.soles.delete(this);
        holders.soleCount--;
        const outer = holders.releasing;
        holders.releasing = stack;
        try {
          return Reflect.apply(original, this, arguments);
        } finally {
          holders.releasing = outer;
        }
      },
    };
    return release;
  }

  holds(semaphore: object, turn: Turn): void {
    if (!this.soles.has(semaphore)) this.soleCount++;
    this.soles.set(semaphore, turn.stack);
  }
}
