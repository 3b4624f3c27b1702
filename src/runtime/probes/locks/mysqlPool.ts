// Runtime: waits for a connection of a pool of `mysql2` (2, 3), by callbacks and by promises, which end in the same
// function. Of a call that has to wait, its callback is followed.

import type { LoadedModule } from "../../moduleWatch.ts";
import type { AnyFunction, Contention } from "./contention.ts";
import { LibraryProbe } from "./libraryProbe.ts";
import { type Acquire, PoolWaits } from "./poolWaits.ts";

interface List {
  readonly length: number;
  get(at: number): unknown;
}
interface Pool {
  readonly config: {
    readonly connectionLimit: number;
    readonly connectionConfig?: { readonly database?: unknown; readonly host?: unknown };
  };
  readonly _allConnections: List;
  readonly _freeConnections: List;
  readonly _connectionQueue: List;
}
type Methods = Record<"getConnection" | "releaseConnection", AnyFunction>;

export class MysqlPoolProbe extends LibraryProbe {
  /** By callbacks of ours, which the library may queue again. */
  private readonly ours = new WeakMap<AnyFunction, Acquire>();

  protected loaded(contention: Contention, { exports: exported, file }: LoadedModule, library: string): void {
    if (file !== "lib/base/pool.js" && file !== "lib/pool.js") return;
    const methods = this.fresh<Methods>(exported);
    // Version 3 has them in a class that this one extends.
    if (methods === null || !Object.hasOwn(methods, "getConnection")) return;
    if (!isUnderstood(exported as new (options: object) => Pool, methods)) {
      this.notUnderstood(contention, library);
      return;
    }
    const waits = new PoolWaits(contention, "Pool.getConnection");
    this.patchGet(contention, methods, waits);
    this.patchRelease(contention, methods, waits);
  }

  private patchGet(contention: Contention, methods: Methods, waits: PoolWaits): void {
    const probe = this;
    this.patches.replace(methods, ["getConnection"], (original) => {
      const { getConnection } = {
        getConnection(this: Pool): unknown {
          const callback = arguments[0] as unknown;
          const known = typeof callback !== "function" || probe.ours.has(callback);
          if (known || !contention.watching) return Reflect.apply(original, this, arguments);
          let acquire: Acquire | null = null;
          let before = 0;
          try {
            before = this._connectionQueue.length;
            acquire = waits.begin(this, placesOf(this), getConnection, nameOf(this));
          } catch (error) {
            contention.fault(error);
          }
          if (acquire === null) return Reflect.apply(original, this, arguments);
          const args = Array.from(arguments) as unknown[];
          args[0] = probe.follow(contention, waits, acquire, callback);
          const { waits: mayWait } = acquire;
          // Refused at once, it would end here: that is no wait.
          acquire.waits = false;
          const result: unknown = Reflect.apply(original, this, args);
          acquire.waits = mayWait && this._connectionQueue.length > before;
          return result;
        },
      };
      return getConnection;
    });
  }

  private follow(
    contention: Contention,
    waits: PoolWaits,
    acquire: Acquire,
    callback: AnyFunction,
  ): AnyFunction {
    const follower = function (this: unknown): unknown {
      try {
        waits.granted(acquire, arguments[1], null);
      } catch (error) {
        contention.fault(error);
      }
      return Reflect.apply(callback, this, arguments);
    };
    this.ours.set(follower, acquire);
    return follower;
  }

  private patchRelease(contention: Contention, methods: Methods, waits: PoolWaits): void {
    const probe = this;
    this.patches.replace(methods, ["releaseConnection"], (original) => {
      const { releaseConnection } = {
        releaseConnection(this: Pool): unknown {
          try {
            waits.released(arguments[0]);
            const next = this._connectionQueue.length > 0 ? this._connectionQueue.get(0) : undefined;
            const acquire = typeof next === "function" ? probe.ours.get(next) : undefined;
            if (acquire !== undefined) contention.releasedBy(acquire.turn, releaseConnection);
          } catch (error) {
            contention.fault(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return releaseConnection;
    });
  }
}

function placesOf({ config, _allConnections, _freeConnections, _connectionQueue }: Pool) {
  const { connectionLimit } = config;
  const queued = _connectionQueue.length;
  return {
    most: connectionLimit > 0 ? connectionLimit : Number.POSITIVE_INFINITY,
    taken: _allConnections.length - _freeConnections.length + queued,
    queued,
  };
}

function nameOf({ config }: Pool): unknown {
  const { database, host } = config.connectionConfig ?? {};
  return database || host;
}

/** Looks at a pool of our own, which connects to nothing. */
function isUnderstood(Pool: new (options: object) => Pool, methods: Methods): boolean {
  const config = { connectionLimit: 3, connectionConfig: {} };
  const pool = new Pool({ config });
  const lists = [pool._allConnections, pool._freeConnections, pool._connectionQueue];
  return (
    pool.config.connectionLimit === 3 &&
    lists.every((list) => typeof list?.length === "number" && typeof list.get === "function") &&
    typeof methods.releaseConnection === "function"
  );
}
