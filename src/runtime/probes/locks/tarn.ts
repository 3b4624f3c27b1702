// Runtime: waits for a resource of the `tarn` package (2, 3), `knex`'s pool among them. The pool tells its event handlers
// of each call's end; that telling is followed, so that neither a promise nor an event handler is added.

import type { LoadedModule } from "../../moduleWatch.ts";
import type { AnyFunction, Contention } from "./contention.ts";
import { LibraryProbe, member } from "./libraryProbe.ts";
import { type Acquire, PoolWaits } from "./poolWaits.ts";

interface Pool {
  readonly max: number;
  readonly eventId: number;
  readonly used: readonly object[];
  readonly pendingAcquires: readonly object[];
}
interface Begun {
  readonly id: unknown;
  readonly acquire: Acquire;
}
type Methods = Record<"acquire" | "release" | "_executeEventHandlers", AnyFunction>;

export class TarnProbe extends LibraryProbe {
  /** Of a pool: its calls that have not ended, with the number of their event, in the order they came. Not a `Map`: see `underway.ts`. */
  private readonly acquires = new WeakMap<object, Begun[]>();

  protected loaded(contention: Contention, { exports: exported }: LoadedModule, library: string): void {
    const Pool = member(exported, "Pool");
    const methods = this.fresh<Methods>(Pool);
    if (methods === null) return;
    if (!isUnderstood(Pool as new (options: object) => Pool, methods)) {
      this.notUnderstood(contention, library);
      return;
    }
    const waits = new PoolWaits(contention, "Pool.acquire");
    this.patchAcquire(contention, methods, waits);
    this.patchEnds(contention, methods, waits);
    this.patchRelease(contention, methods, waits);
  }

  private patchAcquire(contention: Contention, methods: Methods, waits: PoolWaits): void {
    const probe = this;
    this.patches.replace(methods, ["acquire"], (original) => {
      const { acquire } = {
        acquire(this: Pool): unknown {
          if (contention.watching) {
            try {
              const { max, used, pendingAcquires, eventId } = this;
              const queued = pendingAcquires.length;
              const begun = waits.begin(this, { most: max, taken: used.length + queued, queued }, acquire);
              if (begun !== null) probe.acquiresOf(this).push({ id: eventId, acquire: begun });
            } catch (error) {
              contention.fault(error);
            }
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return acquire;
    });
  }

  private acquiresOf(pool: object): Begun[] {
    let known = this.acquires.get(pool);
    if (known === undefined) {
      known = [];
      this.acquires.set(pool, known);
    }
    return known;
  }

  private ended(pool: object, id: unknown): Acquire | undefined {
    const begun = this.acquires.get(pool);
    const at = begun?.findIndex((one) => one.id === id) ?? -1;
    return at < 0 ? undefined : begun?.splice(at, 1)[0]?.acquire;
  }

  private patchEnds(contention: Contention, methods: Methods, waits: PoolWaits): void {
    const probe = this;
    this.patches.replace(methods, ["_executeEventHandlers"], (original) => {
      const { _executeEventHandlers } = {
        _executeEventHandlers(this: Pool, event: unknown, id: unknown, resource: unknown): unknown {
          try {
            if (event === "acquireSuccess" || event === "acquireFail") {
              const acquire = probe.ended(this, id);
              if (event === "acquireSuccess") waits.granted(acquire, resource, null);
              else if (acquire !== undefined) waits.end(acquire);
            }
          } catch (error) {
            contention.fault(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return _executeEventHandlers;
    });
  }

  private patchRelease(contention: Contention, methods: Methods, waits: PoolWaits): void {
    const probe = this;
    this.patches.replace(methods, ["release"], (original) => {
      const { release } = {
        release(this: Pool): unknown {
          try {
            waits.released(arguments[0]);
            probe.letsIn(contention, this, release);
          } catch (error) {
            contention.fault(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return release;
    });
  }

  /** The first that nobody has let in yet; it gets the resource when that has been validated. */
  private letsIn(contention: Contention, pool: Pool, above: AnyFunction): void {
    for (const { acquire } of this.acquires.get(pool) ?? []) {
      if (!acquire.waits || acquire.letIn === true) continue;
      acquire.letIn = true;
      contention.releasedBy(acquire.turn, above);
      return;
    }
  }
}

/** Looks at a pool of our own, which nobody else knows. */
function isUnderstood(Pool: new (options: object) => Pool, methods: Methods): boolean {
  const pool = new Pool({ create: () => ({}), destroy: () => {}, min: 0, max: 3 });
  return (
    pool.max === 3 &&
    typeof pool.eventId === "number" &&
    Array.isArray(pool.used) &&
    Array.isArray(pool.pendingAcquires) &&
    [methods.acquire, methods.release, methods._executeEventHandlers].every(
      (method) => typeof method === "function",
    )
  );
}
