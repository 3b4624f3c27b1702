// Runtime: waits for a key of the `async-lock` package (1.x). A key that is held has a queue of functions, which its
// release calls one by one: a wait is followed there, so that neither the user's function nor a promise is touched.

import { type LoadedModule, onModule } from "../../moduleWatch.ts";
import { Patches } from "../../patch.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { type AnyFunction, Contention, type Entry, type Turn } from "./contention.ts";

const NAME = "locks.async-lock";

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

export class AsyncLockProbe implements Probe {
  readonly name = NAME;
  private readonly patches = new Patches();
  private readonly seen = new WeakSet<object>();
  /** Stack of the known holder of the key that a queue belongs to. */
  private readonly holders = new WeakMap<Queue, number>();
  private contention: Contention | null = null;
  private unwatch: () => void = () => {};

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const contention = new Contention(NAME, context);
    this.contention = contention;
    this.unwatch = onModule("async-lock", (module) => this.loaded(contention, module));
  }

  collect(): void {
    this.contention?.endWindow();
  }

  stop(): void {
    this.unwatch();
    if (this.contention !== null) this.contention.active = false;
    this.patches.restore();
  }

  private loaded(contention: Contention, { exports: exported }: LoadedModule): void {
    const prototype = typeof exported === "function" ? (exported.prototype as unknown) : undefined;
    if (typeof prototype !== "object" || prototype === null || this.seen.has(prototype)) return;
    this.seen.add(prototype);
    if (isUnderstood(prototype)) {
      this.patchAcquire(contention, prototype as Record<"acquire", AnyFunction>);
      return;
    }
    contention.context.notice({
      code: "probe-unavailable",
      severity: "info",
      text: "Waits for async-lock are not measured: this version of it is not known.",
    });
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
              probe.follow(contention, entry, queue, optionsOf(arguments), this.timeout);
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
    options: Options,
    defaultTimeout: number | undefined,
  ): void {
    const place = options.skipQueue ? 0 : queue.length - 1;
    const task = queue[place];
    if (task === undefined) return;
    const turn = contention.begin(entry, queue, 1);
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
