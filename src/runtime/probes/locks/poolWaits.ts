// Runtime: waits for a resource of a pool (a database connection). Only who finds all places taken waits for a holder;
// the others wait until a resource is made or looked at, which is no contention.

import type { Operation } from "../../sampling/operations.ts";
import type { AnyFunction, Contention, Entry, Wait } from "./contention.ts";

/** One call for a resource, of which something is to be learned. */
export interface Acquire extends Wait {
  /** False: it need not wait for a holder, or no longer. */
  waits: boolean;
  /** A place is given back for it. */
  letIn?: boolean;
}
/** A pool as it is before the call. */
export interface Places {
  /** The most resources. */
  readonly most: number;
  /** In use, or promised to those that came before. */
  readonly taken: number;
  /** Calls that wait. */
  readonly queued: number;
}

export class PoolWaits {
  /** Stack of who has a resource, and of who had it last, where known. */
  private readonly holders = new WeakMap<object, number>();
  private readonly lastHolders = new WeakMap<object, number>();

  private readonly operation: Operation;
  private entry: Entry | null = null;
  /** The stand-in of the release that is being made, where `releaseOf` made it. */
  releasing: AnyFunction | null = null;

  /** @param callee as users see it */
  constructor(
    private readonly contention: Contention,
    callee: string,
  ) {
    this.operation = contention.meter.operation("pool wait", callee);
  }

  /**
   * Null where nothing is to be learned.
   * @param above the stand-in of the library's function
   * @param name the pool's, if its owner gave it one
   */
  begin(
    pool: object,
    { most, taken, queued }: Places,
    above: AnyFunction,
    name: unknown = null,
  ): Acquire | null {
    if (most === Number.POSITIVE_INFINITY) return null;
    const { contention } = this;
    if (this.entry?.above !== above) this.entry = { operation: this.operation, above };
    const turn = contention.begin(this.entry, pool, most);
    const waits = taken >= most;
    if (turn === null && !waits) return null;
    if (turn !== null && waits) contention.tell(turn, queued + 1, typeof name === "string" ? name : "");
    return { ...contention.wait(turn), waits };
  }

  /** @param above the stand-in of the release that is being made, null when none is */
  granted(acquire: Acquire | null | undefined, resource: unknown, above: AnyFunction | null): void {
    const object = typeof resource === "object" && resource !== null ? resource : null;
    if (acquire === null || acquire === undefined) {
      if (object !== null) this.holders.delete(object);
      return;
    }
    if (acquire.waits && above !== null) this.contention.releasedBy(acquire.turn, above);
    this.end(acquire, object === null ? 0 : (this.lastHolders.get(object) ?? 0));
    if (object === null) return;
    if (acquire.turn === null) this.holders.delete(object);
    else this.holders.set(object, acquire.turn.stack);
  }

  /** It got a place, an error, or gave up. */
  end(acquire: Acquire, holder = 0, patienceMillis = Number.POSITIVE_INFINITY): void {
    if (!acquire.waits) return;
    acquire.waits = false;
    const { contention } = this;
    if (!contention.active) return;
    // Of many places, few have a known holder; but who gives one back has had it.
    const giver = acquire.turn?.detail.releaser ?? 0;
    contention.settle(this.operation, acquire, holder || giver, { patienceMillis });
  }

  released(resource: unknown): void {
    if (typeof resource !== "object" || resource === null) return;
    const holder = this.holders.get(resource);
    if (holder === undefined) {
      this.lastHolders.delete(resource);
      return;
    }
    this.holders.delete(resource);
    this.lastHolders.set(resource, holder);
  }

  /** What stands in for a library's release that lets the next one in before it returns. */
  releaseOf(original: AnyFunction): AnyFunction {
    const waits = this;
    const { release } = {
      release(this: unknown): unknown {
        const outer = waits.releasing;
        waits.releasing = release;
        try {
          waits.released(arguments[0]);
        } catch (error) {
          waits.contention.fault(error);
        }
        try {
          return Reflect.apply(original, this, arguments);
        } finally {
          waits.releasing = outer;
        }
      },
    };
    return release;
  }
}
