// Runtime: waits for a slot of the `p-queue` package (7 to 9). Its queue is private: the function that it is given is
// followed. A queue that its owner has paused is no lock, nor is its rate (`interval`): only while all places are taken
// somebody waits for one.

import type { LoadedModule } from "../../moduleWatch.ts";
import type { AnyFunction, Contention, Entry } from "./contention.ts";
import { LibraryProbe, member } from "./libraryProbe.ts";
import { type Clock, SlotTasks } from "./slotTasks.ts";

type Methods = Record<"add" | "emit" | "clear", AnyFunction>;
interface Queue {
  readonly concurrency: number;
  /** Running now. */
  readonly pending: number;
  /** Waiting. */
  readonly size: number;
  readonly isPaused: boolean;
}

/** Runs while all places are taken, as far as it is read when that changes. */
class FullTime implements Clock {
  private millis = 0;
  private readTo = 0;
  private full = false;

  constructor(private readonly queue: Queue) {}

  read(now: number): number {
    if (this.full) this.millis += now - this.readTo;
    this.readTo = now;
    this.full = this.queue.pending >= this.queue.concurrency;
    return this.millis;
  }
}

/** Of one queue. */
interface State {
  readonly tasks: SlotTasks;
  readonly clock: FullTime;
}

export class PQueueProbe extends LibraryProbe {
  private readonly states = new WeakMap<object, State>();

  protected loaded(contention: Contention, { exports: exported, file }: LoadedModule, library: string): void {
    // Beside the queue the package has a file of its default order.
    if (!file.endsWith("index.js")) return;
    const prototype = this.fresh<Methods>(member(exported, "default"));
    if (prototype === null) return;
    if (isUnderstood(prototype)) {
      this.patchAdd(contention, prototype);
      this.patchEmit(contention, prototype);
      this.patchClear(prototype);
    } else this.notUnderstood(contention, library);
  }

  private patchAdd(contention: Contention, prototype: Record<"add", AnyFunction>): void {
    const probe = this;
    const operation = contention.meter.operation("wait", "PQueue.add");
    this.patches.replace(prototype, ["add"], (original) => {
      const { add } = {
        add(this: Queue, ...args: unknown[]): unknown {
          const task = args[0];
          if (contention.watching && typeof task === "function") {
            try {
              if (!isAbortable(args[1])) args[0] = probe.prepare(contention, entry, this, task);
            } catch (error) {
              contention.fault(error);
            }
          }
          return Reflect.apply(original, this, args);
        },
      };
      const entry: Entry = { operation, above: add };
      return add;
    });
  }

  private prepare(contention: Contention, entry: Entry, queue: Queue, task: AnyFunction): AnyFunction {
    const { concurrency, pending, size, isPaused } = queue;
    if (isPaused) return task;
    let state = this.states.get(queue);
    if (state === undefined) {
      const clock = new FullTime(queue);
      state = { clock, tasks: new SlotTasks(contention, entry, clock) };
      this.states.set(queue, state);
    }
    return state.tasks.prepare(task, concurrency, pending + size >= concurrency ? size + 1 : 0);
  }

  /** A task that has ended says "next" when its place was given on, or is free. */
  private patchEmit(contention: Contention, prototype: Methods): void {
    const probe = this;
    const { emit: inherited } = prototype;
    function emit(this: object): unknown {
      if (arguments[0] === "next") {
        try {
          const state = probe.states.get(this);
          if (state?.tasks.isEmpty === false) state.clock.read(contention.now());
        } catch (error) {
          contention.fault(error);
        }
      }
      return Reflect.apply(inherited, this, arguments);
    }
    this.patches.add(prototype, "emit", emit, inherited);
  }

  private patchClear(prototype: Record<"clear", AnyFunction>): void {
    const probe = this;
    this.patches.replace(prototype, ["clear"], (original) => {
      const { clear } = {
        clear(this: object): unknown {
          const result: unknown = Reflect.apply(original, this, arguments);
          probe.states.get(this)?.tasks.giveUp();
          return result;
        },
      };
      return clear;
    });
  }
}

/** Such a task may leave the queue without a word. */
function isAbortable(options: unknown): boolean {
  return typeof options === "object" && options !== null && "signal" in options;
}

/** Asks a queue of our own, which nobody else knows. */
function isUnderstood(prototype: object): boolean {
  const {
    constructor: Queue,
    add,
    emit,
    clear,
  } = prototype as {
    constructor: new (options: { concurrency: number }) => Queue;
    add?: unknown;
    emit?: unknown;
    clear?: unknown;
  };
  const queue = new Queue({ concurrency: 2 });
  const { concurrency, pending, size, isPaused } = queue;
  const told = concurrency === 2 && pending === 0 && size === 0 && isPaused === false;
  return told && [add, emit, clear].every((method) => typeof method === "function");
}
