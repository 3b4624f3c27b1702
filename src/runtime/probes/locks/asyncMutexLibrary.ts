// Runtime: what the lock probe knows of the insides of `async-mutex`, version by version.

import type { LoadedModule } from "../../moduleWatch.ts";
import type { AnyFunction } from "./contention.ts";

export interface Waiter {
  resolve: AnyFunction;
  reject?: AnyFunction;
  readonly priority?: number;
}
export interface Semaphore {
  readonly _value?: number;
  readonly _maxConcurrency?: number;
  /** 0.3 and 0.5. */
  readonly _queue?: Waiter[];
  /** 0.4: by weight - 1. */
  readonly _weightedQueues?: (Waiter[] | undefined)[];
  /** Who only waits, by weight - 1; plain functions in 0.4. */
  readonly _weightedWaiters?: ((Waiter | AnyFunction)[] | undefined)[];
}
export interface Library {
  readonly Mutex?: { readonly prototype?: object };
  readonly Semaphore?: { readonly prototype?: object };
  readonly withTimeout?: AnyFunction;
}
/** The package's own files each export one of them; its index all, by getters. */
export function classesOf(module: LoadedModule): Library {
  const exported = (module.exports ?? {}) as Library & { readonly default?: { readonly prototype?: object } };
  if (module.file.endsWith("/Semaphore.js") && exported.default !== undefined)
    return { Semaphore: exported.default };
  if (module.file.endsWith("/Mutex.js") && exported.default !== undefined) return { Mutex: exported.default };
  return exported;
}

/** Tries the library's queue on a semaphore of our own, which nobody else knows. */
export function isUnderstood(prototype: object): boolean {
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

export function queueOf(semaphore: Semaphore, weight: unknown): Waiter[] | undefined {
  if (Array.isArray(semaphore._queue)) return semaphore._queue;
  return semaphore._weightedQueues?.[weightOf(weight) - 1];
}

export function unlockWaiters(semaphore: Semaphore, weight: unknown): (Waiter | AnyFunction)[] | undefined {
  return semaphore._weightedWaiters?.[weightOf(weight) - 1];
}

function weightOf(weight: unknown): number {
  return typeof weight === "number" ? weight : 1;
}

/** A new waiter stands behind all of its priority. */
export function newestAt(queue: readonly (Waiter | AnyFunction)[], priority: unknown): number {
  const wanted = typeof priority === "number" ? priority : 0;
  for (let at = queue.length - 1; at >= 0; at--) {
    const waiter = queue[at] as Partial<Waiter>;
    if (waiter.priority === undefined || waiter.priority === wanted) return at;
  }
  return queue.length - 1;
}

export function newest(queue: readonly Waiter[], priority: unknown): Waiter {
  return queue[newestAt(queue, priority)] as Waiter;
}
