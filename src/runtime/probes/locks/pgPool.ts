// Runtime: waits for a client of `pg-pool` (2, 3) and so of `pg.Pool`. A call that finds the pool full stands in its queue
// until a client is given to it; no callback and no promise is touched.

import type { LoadedModule } from "../../moduleWatch.ts";
import { type Placed, Underway } from "../../underway.ts";
import type { AnyFunction, Contention } from "./contention.ts";
import { LibraryProbe } from "./libraryProbe.ts";
import { type Acquire, PoolWaits } from "./poolWaits.ts";

interface Pool {
  readonly options: {
    readonly max: number;
    readonly connectionTimeoutMillis?: number;
    readonly database?: unknown;
    readonly host?: unknown;
  };
  readonly _clients: readonly object[];
  readonly _idle: readonly object[];
  readonly _pendingQueue: readonly Item[];
}
interface Item {
  readonly timedOut?: boolean;
}
/** May give up. */
interface Impatient extends Placed {
  readonly item: Item;
  readonly limitMillis: number;
}
type Methods = Record<"connect" | "newClient" | "_acquireClient" | "_release" | "_pulseQueue", AnyFunction>;

export class PgPoolProbe extends LibraryProbe {
  private readonly acquires = new WeakMap<Item, Acquire>();
  /** Of those that wait, the ones that may give up, which the library tells nobody. */
  private readonly impatient = new Underway<Impatient>();
  private readonly impatientOf = new WeakMap<Item, Impatient>();
  /** The call that is being made. */
  private calling: Acquire | null = null;
  private waits: PoolWaits | null = null;

  protected loaded(contention: Contention, { exports: exported }: LoadedModule, library: string): void {
    const methods = this.fresh<Methods>(exported);
    if (methods === null) return;
    if (!isUnderstood(exported as new (options: object) => Pool, methods)) {
      this.notUnderstood(contention, library);
      return;
    }
    const waits = new PoolWaits(contention, "Pool.connect");
    this.waits = waits;
    this.patchConnect(contention, methods, waits);
    this.patchGrants(contention, methods, waits);
    this.patches.replace(methods, ["_release"], (original) => waits.releaseOf(original));
  }

  override collect(): void {
    for (const impatient of this.impatient.all()) {
      const { item, limitMillis } = impatient;
      if (item.timedOut !== true) continue;
      this.forget(impatient);
      const acquire = this.acquires.get(item);
      if (acquire !== undefined) this.waits?.end(acquire, 0, limitMillis);
    }
    super.collect();
  }

  override stop(): void {
    super.stop();
    this.impatient.clear();
  }

  private patchConnect(contention: Contention, methods: Methods, waits: PoolWaits): void {
    const probe = this;
    this.patches.replace(methods, ["connect"], (original) => {
      const { connect } = {
        connect(this: Pool): unknown {
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          let acquire: Acquire | null = null;
          let before = 0;
          try {
            const { _clients, _idle, _pendingQueue, options } = this;
            before = _pendingQueue.length;
            const taken = _clients.length - _idle.length + before;
            const places = { most: options.max, taken, queued: before };
            acquire = waits.begin(this, places, connect, options.database ?? options.host);
            probe.calling = acquire;
          } catch (error) {
            contention.fault(error);
          }
          let result: unknown;
          try {
            result = Reflect.apply(original, this, arguments);
          } finally {
            probe.calling = null;
          }
          try {
            if (acquire !== null && this._pendingQueue.length > before) probe.queued(this, acquire);
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      return connect;
    });
  }

  private queued({ _pendingQueue, options }: Pool, acquire: Acquire): void {
    const item = _pendingQueue.at(-1);
    if (item === undefined) return;
    this.acquires.set(item, acquire);
    const { connectionTimeoutMillis = 0 } = options;
    if (!acquire.waits || connectionTimeoutMillis <= 0) return;
    const impatient = { item, limitMillis: connectionTimeoutMillis, place: -1 };
    this.impatientOf.set(item, impatient);
    this.impatient.add(impatient);
  }

  private answered(item: Item): void {
    const impatient = this.impatientOf.get(item);
    if (impatient !== undefined) this.forget(impatient);
  }

  /** Refers to its key: left in the `WeakMap`, minor collections would keep both. */
  private forget(impatient: Impatient): void {
    this.impatient.delete(impatient);
    this.impatientOf.delete(impatient.item);
  }

  private patchGrants(contention: Contention, methods: Methods, waits: PoolWaits): void {
    const probe = this;
    this.patches.replace(methods, ["newClient"], (original) => {
      const { newClient } = {
        newClient(this: Pool): unknown {
          try {
            const item = arguments[0] as Item;
            const acquire = probe.acquires.get(item);
            if (probe.calling !== null) probe.acquires.set(item, probe.calling);
            // It has a place; what follows is that a client connects.
            else if (acquire !== undefined) waits.end(acquire);
            probe.calling = null;
            probe.answered(item);
          } catch (error) {
            contention.fault(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return newClient;
    });
    this.patches.replace(methods, ["_acquireClient"], (original) => {
      const { _acquireClient } = {
        _acquireClient(this: Pool): unknown {
          try {
            const item = arguments[1] as Item;
            probe.answered(item);
            waits.granted(probe.acquires.get(item), arguments[0], waits.releasing);
          } catch (error) {
            contention.fault(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return _acquireClient;
    });
  }
}

/** Looks at a pool of our own, which connects to nothing. */
function isUnderstood(Pool: new (options: object) => Pool, methods: Methods): boolean {
  const pool = new Pool({ max: 3, Client: Object });
  const lists = [pool._clients, pool._idle, pool._pendingQueue];
  const named = [methods.connect, methods.newClient, methods._acquireClient, methods._release];
  return (
    pool.options.max === 3 &&
    lists.every((list) => Array.isArray(list)) &&
    named.every((method) => typeof method === "function")
  );
}
