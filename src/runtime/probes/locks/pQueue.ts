// Runtime: waits for a slot of the `p-queue` package (7 to 9). Its queue is private: the function that it is given is
// followed. A queue that its owner has paused is no lock.

import type { LoadedModule } from "../../moduleWatch.ts";
import type { AnyFunction, Contention, Entry } from "./contention.ts";
import { LibraryProbe, member } from "./libraryProbe.ts";
import { SlotTasks } from "./slotTasks.ts";

interface Queue {
  readonly concurrency: number;
  /** Running now. */
  readonly pending: number;
  /** Waiting. */
  readonly size: number;
  readonly isPaused: boolean;
}

export class PQueueProbe extends LibraryProbe {
  private readonly tasks = new WeakMap<object, SlotTasks>();

  protected loaded(contention: Contention, { exports: exported, file }: LoadedModule, library: string): void {
    // Beside the queue the package has a file of its default order.
    if (!file.endsWith("index.js")) return;
    const prototype = this.fresh<Record<"add" | "clear", AnyFunction>>(member(exported, "default"));
    if (prototype === null) return;
    if (isUnderstood(prototype)) {
      this.patchAdd(contention, prototype);
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
    if (queue.isPaused) return task;
    let tasks = this.tasks.get(queue);
    if (tasks === undefined) {
      tasks = new SlotTasks(contention, entry);
      this.tasks.set(queue, tasks);
    }
    const { concurrency, pending, size } = queue;
    return tasks.prepare(task, concurrency, pending + size >= concurrency ? size + 1 : 0);
  }

  private patchClear(prototype: Record<"clear", AnyFunction>): void {
    const probe = this;
    this.patches.replace(prototype, ["clear"], (original) => {
      const { clear } = {
        clear(this: object): unknown {
          const result: unknown = Reflect.apply(original, this, arguments);
          probe.tasks.get(this)?.giveUp();
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
    clear,
  } = prototype as {
    constructor: new (options: { concurrency: number }) => Queue;
    add?: unknown;
    clear?: unknown;
  };
  const queue = new Queue({ concurrency: 2 });
  const { concurrency, pending, size, isPaused } = queue;
  const told = concurrency === 2 && pending === 0 && size === 0 && isPaused === false;
  return told && typeof add === "function" && typeof clear === "function";
}
