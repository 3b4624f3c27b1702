// Runtime: waits for a key of the `async-lock` package (1.x). A key that is held has a queue of functions, which its
// release calls one by one: a wait is followed there, so that neither the user's function nor a promise is touched.

import type { LoadedModule } from "../../moduleWatch.ts";
import type { AnyFunction, Contention, Entry, Turn } from "./contention.ts";
import { LibraryProbe } from "./libraryProbe.ts";

type Queue = AnyFunction[];
interface AsyncLock {
  /** By key, while somebody holds it. */
  readonly queues?: Readonly<Record<PropertyKey, Queue | undefined>>;
  readonly timeout?: number;
}
interface Options {
  readonly timeout?: unknown;
  readonly skipQueue?: unknown;
}

export class AsyncLockProbe extends LibraryProbe {
  /** Stack of the known holder of the key that a queue belongs to. */
  private readonly holders = new WeakMap<Queue, number>();

  constructor() {
    super("locks.async-lock", { "async-lock": {} });
  }

  protected loaded(contention: Contention, { exports: exported }: LoadedModule, library: string): void {
    const prototype = this.fresh<Record<"acquire", AnyFunction>>(exported);
    if (prototype === null) return;
    if (isUnderstood(prototype)) this.patchAcquire(contention, prototype);
    else this.notUnderstood(contention, library);
  }

  private patchAcquire(contention: Contention, prototype: Record<"acquire", AnyFunction>): void {
    const probe = this;
    const operation = contention.meter.operation("wait", "AsyncLock.acquire");
    this.patches.replace(prototype, ["acquire"], (original) => {
      const { acquire } = {
        acquire(this: AsyncLock): unknown {
          const key = arguments[0] as unknown;
          // An array is taken apart by the library, which comes back with each key.
          if (!contention.watching || Array.isArray(key)) return Reflect.apply(original, this, arguments);
          const queue = queueOf(this, key);
          const before = queue?.length ?? 0;
          const result: unknown = Reflect.apply(original, this, arguments);
          try {
            const now = queueOf(this, key);
            if (queue === undefined) probe.holds(now, now && contention.begin(entry, now, 1));
            else if (now === queue && queue.length > before)
              probe.follow(contention, entry, queue, key, optionsOf(arguments), this.timeout);
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      const entry: Entry = { operation, above: acquire };
      return acquire;
    });
  }

  /** From here to when the queue's newest entry is called it waits. */
  private follow(
    contention: Contention,
    entry: Entry,
    queue: Queue,
    key: unknown,
    options: Options,
    defaultTimeout: number | undefined,
  ): void {
    const place = options.skipQueue ? 0 : queue.length - 1;
    const task = queue[place];
    if (task === undefined) return;
    const turn = contention.begin(entry, queue, 1);
    if (turn !== null) contention.tell(turn, queue.length, String(key));
    const start = contention.now();
    // One that gave up stays in the queue.
    const limit = Number(options.timeout || defaultTimeout) || Number.POSITIVE_INFINITY;
    queue[place] = (...args: unknown[]): unknown => {
      try {
        const holder = this.holders.get(queue) ?? 0;
        this.holds(queue, turn);
        if (contention.active) contention.settle(entry.operation, start, turn, holder, limit);
      } catch (error) {
        contention.fault(error);
      }
      return Reflect.apply(task, undefined, args);
    };
  }

  private holds(queue: Queue | undefined, turn: Turn | null | undefined): void {
    if (queue === undefined) return;
    if (turn === null || turn === undefined) this.holders.delete(queue);
    else this.holders.set(queue, turn.stack);
  }
}

/** A key may be what the library makes a property of: anything that turns into a string, or a symbol. */
function queueOf(lock: AsyncLock | undefined, key: unknown): Queue | undefined {
  return typeof key === "string" || typeof key === "symbol" || typeof key === "number"
    ? lock?.queues?.[key]
    : undefined;
}

/** `acquire(key, fn, options)` or `acquire(key, fn, callback, options)`. */
function optionsOf(args: IArguments): Options {
  const given: unknown = typeof args[2] === "function" ? args[3] : args[2];
  return typeof given === "object" && given !== null ? given : {};
}

/** Tries the library's queue on a lock of our own, which nobody else knows. */
function isUnderstood(prototype: object): boolean {
  const { constructor: Lock } = prototype as {
    constructor: new () => AsyncLock & { acquire(key: string, task: () => unknown): unknown };
  };
  const lock = new Lock();
  const waiting = () => {
    const queue = queueOf(lock, "key");
    return Array.isArray(queue) ? queue : null;
  };
  void lock.acquire("key", () => new Promise(() => {}));
  if (waiting()?.length !== 0) return false;
  void lock.acquire("key", () => {});
  return waiting()?.length === 1 && typeof waiting()?.[0] === "function";
}
