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

/** Of one call with an array of keys, which the library acquires one by one, the later ones where the first are let go. */
interface Batch {
  /** Keys that are to come. */
  left: number;
  first: boolean;
  /** Taken where the user calls. */
  readonly turn: Turn | null;
}

export class AsyncLockProbe extends LibraryProbe {
  /** Whose keys are being acquired. */
  private batch: Batch | null = null;
  /** Stack of the known holder of the key that a queue belongs to. */
  private readonly holders = new WeakMap<Queue, number>();

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
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          if (Array.isArray(key)) {
            const batch = probe.begins(contention, entry, key.length);
            return probe.within(batch, original, this, arguments);
          }
          const batch = probe.nextOf();
          const queue = queueOf(this, key);
          const before = queue?.length ?? 0;
          const result: unknown = Reflect.apply(original, this, arguments);
          try {
            const now = queueOf(this, key);
            if (queue === undefined) probe.holds(now, now && probe.turnOf(contention, entry, now, batch));
            else if (now === queue && queue.length > before) {
              const turn = probe.turnOf(contention, entry, queue, batch);
              if (turn !== null) contention.tell(turn, queue.length, String(key));
              probe.follow(contention, entry, queue, turn, batch, optionsOf(arguments), this.timeout);
            }
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
    turn: Turn | null,
    batch: Batch | null,
    options: Options,
    defaultTimeout: number | undefined,
  ): void {
    const place = options.skipQueue ? 0 : queue.length - 1;
    const task = queue[place];
    if (task === undefined) return;
    const wait = contention.wait(turn);
    // One that gave up stays in the queue.
    const patienceMillis = Number(options.timeout || defaultTimeout) || Number.POSITIVE_INFINITY;
    const granted = () => {
      const holder = this.holders.get(queue) ?? 0;
      this.holds(queue, turn);
      if (contention.active) contention.settle(entry.operation, wait, holder, { patienceMillis });
    };
    queue[place] = this.granting(contention, granted, batch, task);
  }

  /** Made here and not where it is put in its place: see `underway.ts`. */
  private granting(
    contention: Contention,
    granted: () => void,
    batch: Batch | null,
    task: AnyFunction,
  ): (...args: unknown[]) => unknown {
    return (...args) => {
      try {
        granted();
      } catch (error) {
        contention.fault(error);
      }
      return this.within(batch, task, undefined, args);
    };
  }

  private begins(contention: Contention, entry: Entry, keys: number): Batch | null {
    try {
      return { left: keys, first: true, turn: contention.choose(entry) };
    } catch (error) {
      contention.fault(error);
      return null;
    }
  }

  /** What the library acquires meanwhile is of this batch. The user's function comes last, when no key is left. */
  private within(batch: Batch | null, action: AnyFunction, self: unknown, args: ArrayLike<unknown>): unknown {
    const outer = this.batch;
    this.batch = batch;
    try {
      return Reflect.apply(action, self, args);
    } finally {
      this.batch = outer;
    }
  }

  /** The batch whose next key is being acquired. */
  private nextOf(): Batch | null {
    const { batch } = this;
    if (batch === null || batch.left === 0) return null;
    batch.left--;
    return batch;
  }

  /** Of an acquire: the user's line is on the stack of all but a batch's later keys. */
  private turnOf(contention: Contention, entry: Entry, queue: Queue, batch: Batch | null): Turn | null {
    if (batch === null || batch.first) {
      if (batch !== null) batch.first = false;
      return contention.begin(entry, queue, 1);
    }
    contention.pastBy(queue);
    const { turn } = batch;
    return turn && { ...turn, detail: { ...turn.detail } };
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
