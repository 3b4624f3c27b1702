// Runtime: who called a function of Node's that does its work later, from callbacks with no user code on the stack, async
// parents included (undici's bodies from Node 24 on). The caller's stack is kept as V8 has it, 1 to 3 µs, and only taken apart
// for a sample. It goes along in a store of our own, only where that is cheap: before async context frames, stores made
// Node hook every promise; there V8's own async stacks reach the caller.

import { AsyncLocalStorage } from "node:async_hooks";

// biome-ignore lint/complexity/noBannedTypes: any function can be called
type AnyFunction = Function;

export interface Caller {
  /** As `Error.captureStackTrace` leaves it. */
  stack?: unknown;
  /** Its id, once a sample has asked. */
  id: number | null;
}

const { apply } = Reflect;
const { captureStackTrace } = Error;

class Callers {
  private readonly storage = storageOfOurs();
  private asking: Caller | undefined;
  /** Feature-tested: before async context frames a storage kept a symbol for its stores. */
  readonly areCheap = !Object.hasOwn(this.storage, "kResourceStore");

  /** Calls `action`; what it brings about later was called from above `above`. */
  run(action: AnyFunction, self: unknown, args: IArguments, above: AnyFunction): unknown {
    return this.storage.run(this.here(above), apply, action, self, args) as unknown;
  }

  /** Who called `above`. */
  here(above: AnyFunction): Caller {
    const caller: Caller = { id: null };
    try {
      captureStackTrace(caller, above);
    } catch {
      // Frozen, or too near the stack's end.
    }
    return caller;
  }

  /** Calls `action`; what it does at once was asked for by `caller`. */
  during(caller: Caller, action: AnyFunction, self: unknown, args: IArguments): unknown {
    const before = this.asking;
    this.asking = caller;
    try {
      return apply(action, self, args) as unknown;
    } finally {
      this.asking = before;
    }
  }

  get isAsking(): boolean {
    return this.asking !== undefined;
  }

  current(): Caller | undefined {
    if (this.asking !== undefined) return this.asking;
    return this.areCheap ? this.storage.getStore() : undefined;
  }
}

/** With its methods its own, so that it works on when somebody replaces the class's. */
function storageOfOurs(): AsyncLocalStorage<Caller> {
  const storage = new AsyncLocalStorage<Caller>();
  const { getStore, run } = AsyncLocalStorage.prototype;
  return Object.assign(storage, { getStore, run });
}

/** Of this thread. */
export const callers = new Callers();
