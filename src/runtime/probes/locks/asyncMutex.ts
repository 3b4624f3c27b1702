// Runtime: waits for the `async-mutex` package (0.3 to 0.5): every way in ends in `Semaphore.acquire`. A wait is
// followed in the library's own queue, whose entry is granted or rejected synchronously: no promise is looked
// at, so unhandled rejections stay what they are.

import { type LoadedModule, onModule } from "../../moduleWatch.ts";
import { Patches } from "../../patch.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { type AnyFunction, Contention, type Entry, type Turn } from "./contention.ts";

const NAME = "locks.async-mutex";

interface Waiter {
  resolve: AnyFunction;
  reject?: AnyFunction;
  readonly priority?: number;
}
interface Semaphore {
  readonly _value?: number;
  readonly _maxConcurrency?: number;
  /** 0.3 and 0.5. */
  readonly _queue?: Waiter[];
  /** 0.4: by weight - 1. */
  readonly _weightedQueues?: (Waiter[] | undefined)[];
  /** Who only waits, by weight - 1; plain functions in 0.4. */
  readonly _weightedWaiters?: ((Waiter | AnyFunction)[] | undefined)[];
}
interface Library {
  readonly Mutex?: { readonly prototype?: object };
  readonly Semaphore?: { readonly prototype?: object };
  readonly withTimeout?: AnyFunction;
}
/** The public method that the user called; a mutex is a semaphore of one. */
interface Way extends Entry {
  readonly single: boolean;
}

export class AsyncMutexProbe implements Probe {
  readonly name = NAME;
  private readonly patches = new Patches();
  private readonly seen = new WeakSet<object>();
  private contention: Contention | null = null;
  private unwatch: () => void = () => {};
  /** The outermost method of the library that is being called. */
  private way: Way | null = null;
  /** Milliseconds after which the caller gives up; the library itself goes on waiting. */
  private limitMillis = Number.POSITIVE_INFINITY;
  /** The acquire whose releaser is about to be made. */
  private granting: Turn | null = null;
  /** Stack of the acquire that is being released, 0 when unknown. */
  private releasing = 0;
  /** Known holders of semaphores of one, for releases without a releaser (`mutex.release()`). */
  private readonly soles = new WeakMap<object, number>();
  private soleCount = 0;
  /** Most that a semaphore was seen to have free: its slots. */
  private readonly slots = new WeakMap<object, number>();

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const contention = new Contention(NAME, context);
    this.contention = contention;
    this.unwatch = onModule("async-mutex", (module) => this.loaded(contention, module), {
      replaces: ["withTimeout"],
      pure: true,
    });
  }

  collect(): void {
    this.contention?.endWindow();
  }

  stop(): void {
    this.unwatch();
    if (this.contention !== null) this.contention.active = false;
    this.patches.restore();
  }

  private loaded(contention: Contention, module: LoadedModule): void {
    const library = classesOf(module);
    const { Semaphore, Mutex, withTimeout } = library;
    if (Semaphore?.prototype !== undefined) this.patchSemaphore(contention, Semaphore.prototype);
    if (Mutex?.prototype !== undefined) {
      this.patchWay(contention, Mutex.prototype, "acquire", "Mutex.acquire", true);
      this.patchWay(contention, Mutex.prototype, "runExclusive", "Mutex.runExclusive", true);
      this.patchWay(contention, Mutex.prototype, "waitForUnlock", "Mutex.waitForUnlock", true);
    }
    if (typeof withTimeout === "function" && !this.patches.isOurs(withTimeout)) {
      const holder = { withTimeout };
      this.patches.replace(holder, ["withTimeout"], (original) => this.timing(contention, original));
      module.replace("withTimeout", holder.withTimeout);
    }
  }

  private patchSemaphore(contention: Contention, prototype: object): void {
    if (this.seen.has(prototype)) return;
    this.seen.add(prototype);
    if (!isUnderstood(prototype)) {
      contention.context.notice({
        code: "probe-unavailable",
        severity: "info",
        text: "Waits for async-mutex are not measured: this version of it is not known.",
      });
      return;
    }
    const methods = prototype as Record<
      "acquire" | "runExclusive" | "release" | "_newReleaser" | "waitForUnlock",
      AnyFunction
    >;
    this.patchWay(contention, prototype, "runExclusive", "Semaphore.runExclusive", false);
    this.patchAcquire(contention, methods);
    this.patchWaitForUnlock(contention, methods);
    this.patches.replace(methods, ["_newReleaser"], (original) => this.newReleaser(original));
    this.patches.replace(methods, ["release"], (original) => this.releaser(contention, original));
  }

  /** A public method whose name and caller the wait is told by. */
  private patchWay(
    contention: Contention,
    prototype: object,
    key: string,
    callee: string,
    single: boolean,
  ): void {
    const probe = this;
    const target = prototype as Record<string, AnyFunction>;
    if (this.patches.isOurs(target[key])) return;
    this.patches.replace(target, [key], (original) => {
      const { way } = {
        way(this: unknown): unknown {
          if (probe.way !== null || !contention.watching) return Reflect.apply(original, this, arguments);
          probe.way = entry;
          try {
            return Reflect.apply(original, this, arguments);
          } finally {
            probe.way = null;
          }
        },
      };
      const entry: Way = { operation: contention.meter.operation("wait", callee), above: way, single };
      return way;
    });
  }

  private patchAcquire(contention: Contention, methods: Record<"acquire", AnyFunction>): void {
    const probe = this;
    const operation = contention.meter.operation("wait", "Semaphore.acquire");
    this.patches.replace(methods, ["acquire"], (original) => {
      const { acquire } = {
        acquire(this: Semaphore): unknown {
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          const way = probe.way ?? own;
          let turn: Turn | null = null;
          let queue: Waiter[] | undefined;
          let before = 0;
          try {
            turn = contention.begin(way, this, way.single ? 1 : probe.slotsOf(this));
            queue = queueOf(this, arguments[0]);
            before = queue?.length ?? 0;
            probe.granting = turn;
          } catch (error) {
            contention.fault(error);
          }
          let result: unknown;
          try {
            result = Reflect.apply(original, this, arguments);
          } finally {
            probe.granting = null;
          }
          try {
            queue ??= queueOf(this, arguments[0]);
            if (queue !== undefined && queue.length > before)
              probe.follow(contention, this, newest(queue, arguments[1]), way, turn);
            else if (turn !== null && way.single) probe.holds(this, turn);
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      const own: Way = { operation, above: acquire, single: false };
      return acquire;
    });
  }

  /** From here to the entry's grant or rejection it waits. */
  private follow(
    contention: Contention,
    semaphore: object,
    waiter: Waiter,
    way: Way,
    turn: Turn | null,
  ): void {
    const probe = this;
    const limit = this.limitMillis;
    const { resolve, reject } = waiter;
    const start = contention.now();
    const settle = (holder: number) => {
      try {
        if (contention.active) contention.settle(way.operation, start, turn, holder, limit);
      } catch (error) {
        contention.fault(error);
      }
    };
    waiter.resolve = function (this: unknown, ticket: unknown): unknown {
      settle(probe.releasing);
      if (turn !== null && contention.active) {
        if (Array.isArray(ticket) && typeof ticket[1] === "function") ticket[1] = probe.link(ticket[1], turn);
        if (way.single) probe.holds(semaphore, turn);
      }
      return Reflect.apply(resolve, this, arguments);
    };
    if (reject === undefined) return;
    waiter.reject = function (this: unknown): unknown {
      settle(0);
      return Reflect.apply(reject, this, arguments);
    };
  }

  /** `waitForUnlock`: waits like the others, but never holds. */
  private patchWaitForUnlock(contention: Contention, methods: Record<"waitForUnlock", AnyFunction>): void {
    const probe = this;
    const operation = contention.meter.operation("wait", "Semaphore.waitForUnlock");
    this.patches.replace(methods, ["waitForUnlock"], (original) => {
      const { waitForUnlock } = {
        waitForUnlock(this: Semaphore): unknown {
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          const before = unlockWaiters(this, arguments[0])?.length ?? 0;
          const result: unknown = Reflect.apply(original, this, arguments);
          try {
            const list = unlockWaiters(this, arguments[0]);
            if (list !== undefined && list.length > before) {
              const way = probe.way ?? own;
              const turn = contention.choose(way);
              const at = newestAt(list, arguments[1]);
              const waiter = list[at];
              if (typeof waiter === "function") {
                const shell = { resolve: waiter };
                probe.follow(contention, this, shell, { ...way, single: false }, turn);
                list[at] = shell.resolve;
              } else if (waiter !== undefined)
                probe.follow(contention, this, waiter, { ...way, single: false }, turn);
            }
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      const own: Way = { operation, above: waitForUnlock, single: false };
      return waitForUnlock;
    });
  }

  private newReleaser(original: AnyFunction): AnyFunction {
    const probe = this;
    const { _newReleaser } = {
      _newReleaser(this: unknown): unknown {
        const releaser: unknown = Reflect.apply(original, this, arguments);
        const turn = probe.granting;
        if (turn === null || typeof releaser !== "function") return releaser;
        probe.granting = null;
        return probe.link(releaser, turn);
      },
    };
    return _newReleaser;
  }

  /** A releaser that says whose it is. */
  private link(releaser: AnyFunction, turn: Turn): AnyFunction {
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

  private releaser(contention: Contention, original: AnyFunction): AnyFunction {
    const probe = this;
    const { release } = {
      release(this: object): unknown {
        if (probe.soleCount === 0 || !contention.active) return Reflect.apply(original, this, arguments);
        const stack = probe.soles.get(this);
        if (stack === undefined) return Reflect.apply(original, this, arguments);
        probe.soles.delete(this);
        probe.soleCount--;
        const outer = probe.releasing;
        probe.releasing = stack;
        try {
          return Reflect.apply(original, this, arguments);
        } finally {
          probe.releasing = outer;
        }
      },
    };
    return release;
  }

  private holds(semaphore: object, turn: Turn): void {
    if (!this.soles.has(semaphore)) this.soleCount++;
    this.soles.set(semaphore, turn.stack);
  }

  private slotsOf(semaphore: Semaphore): number {
    if (typeof semaphore._maxConcurrency === "number") return semaphore._maxConcurrency;
    const free = semaphore._value ?? 1;
    const known = this.slots.get(semaphore) ?? 1;
    if (free <= known) return known;
    this.slots.set(semaphore, free);
    return free;
  }

  /** `withTimeout`: its `acquire` tells the semaphore's when the caller gives up. */
  private timing(contention: Contention, original: AnyFunction): AnyFunction {
    const probe = this;
    return function withTimeout(this: unknown): unknown {
      const timed: unknown = Reflect.apply(original, this, arguments);
      const limit: unknown = arguments[1];
      if (!contention.watching || typeof limit !== "number" || typeof timed !== "object" || timed === null)
        return timed;
      const methods = timed as Record<string, unknown>;
      for (const key of ["acquire", "waitForUnlock"]) {
        const method = methods[key];
        if (typeof method === "function") methods[key] = probe.limited(method, limit);
      }
      return timed;
    };
  }

  private limited(method: AnyFunction, limitMillis: number): AnyFunction {
    const probe = this;
    const holder = { method };
    const patches = new Patches();
    patches.replace(holder, ["method"], (original) => {
      const { limited } = {
        limited(this: unknown): unknown {
          const outer = probe.limitMillis;
          // As timers do: less than one millisecond is one.
          probe.limitMillis = Math.min(outer, Math.max(1, limitMillis));
          try {
            return Reflect.apply(original, this, arguments);
          } finally {
            probe.limitMillis = outer;
          }
        },
      };
      return limited;
    });
    return holder.method;
  }
}

/** The package's own files each export one of them; its index all, by getters. */
function classesOf(module: LoadedModule): Library {
  const exported = (module.exports ?? {}) as Library & { readonly default?: { readonly prototype?: object } };
  if (module.file.endsWith("/Semaphore.js") && exported.default !== undefined)
    return { Semaphore: exported.default };
  if (module.file.endsWith("/Mutex.js") && exported.default !== undefined) return { Mutex: exported.default };
  return exported;
}

/** Tries the library's queue on a semaphore of our own, which nobody else knows. */
function isUnderstood(prototype: object): boolean {
  const { constructor: Semaphore } = prototype as {
    constructor: new (value: number) => Semaphore & { acquire(): Promise<unknown> };
  };
  const semaphore = new Semaphore(1);
  void semaphore.acquire();
  if ((queueOf(semaphore, 1)?.length ?? 0) !== 0) return false;
  void semaphore.acquire();
  const waiter = queueOf(semaphore, 1)?.[0];
  return typeof waiter?.resolve === "function" && typeof waiter.reject === "function";
}

function queueOf(semaphore: Semaphore, weight: unknown): Waiter[] | undefined {
  if (Array.isArray(semaphore._queue)) return semaphore._queue;
  return semaphore._weightedQueues?.[weightOf(weight) - 1];
}

function unlockWaiters(semaphore: Semaphore, weight: unknown): (Waiter | AnyFunction)[] | undefined {
  return semaphore._weightedWaiters?.[weightOf(weight) - 1];
}

function weightOf(weight: unknown): number {
  return typeof weight === "number" ? weight : 1;
}

/** A new waiter stands behind all of its priority. */
function newestAt(queue: readonly (Waiter | AnyFunction)[], priority: unknown): number {
  const wanted = typeof priority === "number" ? priority : 0;
  for (let at = queue.length - 1; at >= 0; at--) {
    const waiter = queue[at] as Partial<Waiter>;
    if (waiter.priority === undefined || waiter.priority === wanted) return at;
  }
  return queue.length - 1;
}

function newest(queue: readonly Waiter[], priority: unknown): Waiter {
  return queue[newestAt(queue, priority)] as Waiter;
}
