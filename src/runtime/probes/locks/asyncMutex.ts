// Runtime: waits for the `async-mutex` package (0.3 to 0.5): every way in ends in `Semaphore.acquire`. A wait is
// followed in the library's own queue, whose entry is granted or rejected synchronously: no promise is looked
// at, so unhandled rejections stay what they are.

import type { LoadedModule } from "../../moduleWatch.ts";
import { Holders } from "./asyncMutexHolders.ts";
import {
  classesOf,
  isUnderstood,
  newest,
  newestAt,
  queueOf,
  type Semaphore,
  unlockWaiters,
  type Waiter,
} from "./asyncMutexLibrary.ts";
import { Patience } from "./asyncMutexTimeout.ts";
import type { AnyFunction, Contention, Entry, Turn } from "./contention.ts";
import { LibraryProbe } from "./libraryProbe.ts";

/** The public method that the user called; a mutex is a semaphore of one. */
interface Way extends Entry {
  readonly single: boolean;
}

export class AsyncMutexProbe extends LibraryProbe {
  /** The outermost method of the library that is being called. */
  private way: Way | null = null;
  private readonly patience = new Patience();
  private readonly holders = new Holders();
  /** Most that a semaphore was seen to have free: its slots. */
  private readonly slots = new WeakMap<object, number>();

  protected loaded(contention: Contention, module: LoadedModule, library: string): void {
    const { Semaphore, Mutex, withTimeout } = classesOf(module);
    const semaphores = this.fresh<object>(Semaphore);
    if (semaphores !== null) {
      if (isUnderstood(semaphores)) this.patchSemaphore(contention, semaphores);
      else this.notUnderstood(contention, library);
    }
    if (Mutex?.prototype !== undefined) {
      this.patchWay(contention, Mutex.prototype, "acquire", "Mutex.acquire", true);
      this.patchWay(contention, Mutex.prototype, "runExclusive", "Mutex.runExclusive", true);
      this.patchWay(contention, Mutex.prototype, "waitForUnlock", "Mutex.waitForUnlock", true);
    }
    if (typeof withTimeout === "function" && !this.patches.isOurs(withTimeout)) {
      const holder = { withTimeout };
      this.patches.replace(holder, ["withTimeout"], (original) => this.patience.wrap(contention, original));
      module.replace("withTimeout", holder.withTimeout);
    }
  }

  private patchSemaphore(contention: Contention, prototype: object): void {
    const methods = prototype as Record<
      "acquire" | "runExclusive" | "release" | "_newReleaser" | "waitForUnlock",
      AnyFunction
    >;
    this.patchWay(contention, prototype, "runExclusive", "Semaphore.runExclusive", false);
    this.patchAcquire(contention, methods);
    this.patchWaitForUnlock(contention, methods);
    this.patches.replace(methods, ["_newReleaser"], (original) => this.holders.newReleaser(original));
    this.patches.replace(methods, ["release"], (original) => this.holders.release(contention, original));
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
          const slots = way.single ? 1 : probe.slotsOf(this);
          // It counts work: who waits at it is idle.
          if (slots <= 0) return Reflect.apply(original, this, arguments);
          try {
            turn = contention.begin(way, this, slots);
            queue = queueOf(this, arguments[0]);
            before = queue?.length ?? 0;
            probe.holders.granting = turn;
          } catch (error) {
            contention.fault(error);
          }
          let result: unknown;
          try {
            result = Reflect.apply(original, this, arguments);
          } finally {
            probe.holders.granting = null;
          }
          try {
            queue ??= queueOf(this, arguments[0]);
            if (queue !== undefined && queue.length > before) {
              contention.tell(turn, queue.length);
              probe.follow(contention, this, newest(queue, arguments[1]), way, turn);
            } else if (turn !== null && way.single) probe.holders.holds(this, turn);
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
    const { millis: patienceMillis } = this.patience;
    const { resolve, reject } = waiter;
    const wait = contention.wait(turn);
    const settle = (holder: number, above: AnyFunction | null) => {
      try {
        if (!contention.active) return;
        if (above !== null) contention.releasedBy(turn, above);
        contention.settle(way.operation, wait, holder, { patienceMillis });
      } catch (error) {
        contention.fault(error);
      }
    };
    waiter.resolve = telling(resolve, (ticket) => {
      settle(this.holders.releasing, waiter.resolve);
      if (turn === null || !contention.active) return;
      if (Array.isArray(ticket) && typeof ticket[1] === "function")
        ticket[1] = this.holders.link(ticket[1], turn);
      if (way.single) this.holders.holds(semaphore, turn);
    });
    if (reject !== undefined) waiter.reject = telling(reject, () => settle(0, null));
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
              contention.tell(turn, list.length);
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

  private slotsOf(semaphore: Semaphore | null | undefined): number {
    if (typeof semaphore !== "object" || semaphore === null) return 1;
    if (typeof semaphore._maxConcurrency === "number") return semaphore._maxConcurrency;
    const free = semaphore._value ?? 1;
    const known = this.slots.get(semaphore);
    // All are seen from their first call on: one that has nothing free then never had.
    if (known !== undefined && (known === 0 || free <= known)) return known;
    this.slots.set(semaphore, free);
    return free;
  }
}

/** `original`, after `tell`. Made here and not where it is put in its place: see `underway.ts`. */
function telling(original: AnyFunction, tell: (ticket: unknown) => void): AnyFunction {
  return function (this: unknown, ticket: unknown): unknown {
    tell(ticket);
    return Reflect.apply(original, this, arguments);
  };
}
