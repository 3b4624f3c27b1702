// Runtime: waits for a slot of a `p-limit` limiter (3 to 7). The limiter's function is wrapped: a call waits when
// all slots are taken, until its function starts. Calls that find a slot pass through untouched.

import type { LoadedModule } from "../../moduleWatch.ts";
import { disguise } from "../../patch.ts";
import type { Operation } from "../../sampling/operations.ts";
import type { AnyFunction, Contention } from "./contention.ts";
import { LibraryProbe } from "./libraryProbe.ts";
import { SlotTasks } from "./slotTasks.ts";

type Limit = AnyFunction & {
  readonly activeCount: number;
  readonly pendingCount: number;
  readonly concurrency?: number;
  readonly clearQueue?: AnyFunction;
  readonly map?: AnyFunction;
};

export class PLimitProbe extends LibraryProbe {
  protected loaded(contention: Contention, module: LoadedModule, library: string): void {
    const original = module.esm ? (module.exports as { default?: unknown }).default : module.exports;
    if (typeof original !== "function" || this.patches.isOurs(original)) return;
    const holder = { pLimit: original as AnyFunction };
    if (isUnderstood(original)) {
      this.patches.replace(holder, ["pLimit"], (limiter) => measuredLimiter(contention, limiter));
      if (module.replace("default", holder.pLimit)) return;
    }
    this.notUnderstood(contention, library);
  }
}

/** Registered once: a server may make a limiter a request. */
interface Operations {
  readonly call: Operation;
  readonly map: Operation;
}

function measuredLimiter(contention: Contention, original: AnyFunction): AnyFunction {
  const { meter } = contention;
  const operations = {
    call: meter.operation("wait", "p-limit"),
    map: meter.operation("wait", "p-limit map"),
  };
  return function pLimit(this: unknown): unknown {
    const limit: unknown = Reflect.apply(original, this, arguments);
    if (!contention.watching) return limit;
    try {
      return isLimit(limit)
        ? new Limiter(contention, operations, limit, slotsOf(arguments[0])).standIn
        : limit;
    } catch (error) {
      contention.fault(error);
      return limit;
    }
  };
}

/** One limiter of the user's. */
class Limiter {
  readonly standIn: AnyFunction;
  private readonly tasks: SlotTasks;

  constructor(
    private readonly contention: Contention,
    private readonly operations: Operations,
    private readonly limit: Limit,
    private readonly asked: number,
  ) {
    this.standIn = this.makeStandIn();
    this.tasks = new SlotTasks(contention, { operation: operations.call, above: this.standIn });
    this.override({
      ...(typeof limit.clearQueue === "function" && { clearQueue: this.makeClearQueue(limit.clearQueue) }),
      ...(typeof limit.map === "function" && { map: this.makeMap(limit.map) }),
    });
    disguise(this.standIn, limit);
  }

  private makeStandIn(): AnyFunction {
    const { limit, contention } = this;
    return (...args: unknown[]): unknown => {
      const task = args[0];
      if (contention.watching && typeof task === "function") {
        try {
          args[0] = this.prepare(task);
        } catch (error) {
          contention.fault(error);
        }
      }
      return Reflect.apply(limit, undefined, args);
    };
  }

  private prepare(task: AnyFunction): AnyFunction {
    const { limit } = this;
    const slots = limit.concurrency ?? this.asked;
    // Before version 7 also one that finds a place stands in the queue for a moment.
    const behind = limit.activeCount + limit.pendingCount - slots;
    return this.tasks.prepare(task, slots, Math.max(0, behind + 1));
  }

  private makeClearQueue(original: AnyFunction): AnyFunction {
    const { tasks } = this;
    const { clearQueue } = {
      clearQueue(this: unknown): unknown {
        const result: unknown = Reflect.apply(original, this, arguments);
        tasks.giveUp();
        return result;
      },
    };
    return disguise(clearQueue, original);
  }

  /** `limit.map` queues inside the library, all of it before it returns. Its items wait for each other. */
  private makeMap(original: AnyFunction): AnyFunction {
    const limiter = this;
    const { contention, limit } = this;
    const { map } = {
      map(this: unknown): unknown {
        const task = arguments[1] as unknown;
        if (!contention.watching || typeof task !== "function")
          return Reflect.apply(original, this, arguments);
        const args = Array.from(arguments) as unknown[];
        try {
          args[1] = limiter.mapper(task, limit.activeCount + limit.pendingCount, map);
        } catch (error) {
          contention.fault(error);
        }
        return Reflect.apply(original, this, args);
      },
    };
    return disguise(map, original);
  }

  private mapper(task: AnyFunction, busy: number, above: AnyFunction): AnyFunction {
    const { contention, limit } = this;
    const slots = limit.concurrency ?? this.asked;
    const entry = { operation: this.operations.map, above };
    const turn = contention.choose(entry);
    const wait = contention.wait(turn);
    return function (this: unknown, _item: unknown, index: unknown): unknown {
      try {
        const waited = typeof index === "number" && busy + index >= slots;
        const holder = busy === 0 ? (turn?.stack ?? 0) : 0;
        if (waited && contention.active) contention.settle(entry.operation, wait, holder);
      } catch (error) {
        contention.fault(error);
      }
      return Reflect.apply(task, this, arguments);
    };
  }

  /** Copies the limiter's own keys in their order, some with our values; `disguise` then leaves them. */
  private override(values: Readonly<Record<string, AnyFunction>>): void {
    for (const key of Reflect.ownKeys(this.limit)) {
      const descriptor = Object.getOwnPropertyDescriptor(this.limit, key) as PropertyDescriptor;
      const value = typeof key === "string" ? values[key] : undefined;
      const ours = value !== undefined && !descriptor.configurable && "value" in descriptor;
      Object.defineProperty(this.standIn, key, ours ? { ...descriptor, value } : descriptor);
    }
  }
}

function isLimit(value: unknown): value is Limit {
  if (typeof value !== "function") return false;
  const { activeCount, pendingCount } = value as Limit;
  return typeof activeCount === "number" && typeof pendingCount === "number";
}

/** Tries it on a limiter of our own. */
function isUnderstood(pLimit: AnyFunction): boolean {
  return isLimit(Reflect.apply(pLimit, undefined, [1]));
}

function slotsOf(asked: unknown): number {
  const slots =
    typeof asked === "object" && asked !== null ? (asked as { concurrency?: unknown }).concurrency : asked;
  return typeof slots === "number" ? slots : Number.POSITIVE_INFINITY;
}
