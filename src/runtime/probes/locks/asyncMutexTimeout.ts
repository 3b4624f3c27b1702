// Runtime: how long a caller of `async-mutex` is ready to wait. After `withTimeout` has given up, the library
// itself goes on waiting, to release at once what it gets; that is nobody's wait.

import { Patches } from "../../patch.ts";
import type { AnyFunction, Contention } from "./contention.ts";

export class Patience {
  /** Of the call that is being made, milliseconds. */
  millis = Number.POSITIVE_INFINITY;

  /** `withTimeout`: its `acquire` tells the semaphore's when the caller gives up. */
  wrap(contention: Contention, original: AnyFunction): AnyFunction {
    const patience = this;
    return function withTimeout(this: unknown): unknown {
      const timed: unknown = Reflect.apply(original, this, arguments);
      const limit: unknown = arguments[1];
      if (!contention.watching || typeof limit !== "number" || typeof timed !== "object" || timed === null)
        return timed;
      const methods = timed as Record<string, unknown>;
      for (const key of ["acquire", "waitForUnlock"]) {
        const method = methods[key];
        if (typeof method === "function") methods[key] = patience.limited(method, limit);
      }
      return timed;
    };
  }

  private limited(method: AnyFunction, limitMillis: number): AnyFunction {
    const patience = this;
    const holder = { method };
    const patches = new Patches();
    patches.replace(holder, ["method"], (original) => {
      const { limited } = {
        limited(this: unknown): unknown {
          const outer = patience.millis;
          // As timers do: less than one millisecond is one.
          patience.millis = Math.min(outer, Math.max(1, limitMillis));
          try {
            return Reflect.apply(original, this, arguments);
          } finally {
            patience.millis = outer;
          }
        },
      };
      return limited;
    });
    return holder.method;
  }
}
