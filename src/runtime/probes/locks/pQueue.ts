// Runtime: waits for a slot of the `p-queue` package (7 to 9). Its queue is private: the function that it is given is
// followed. A queue that its owner has paused is no lock.

import { type LoadedModule, onModule } from "../../moduleWatch.ts";
import { Patches } from "../../patch.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { type AnyFunction, Contention, type Entry } from "./contention.ts";
import { SlotTasks } from "./slotTasks.ts";

const NAME = "locks.p-queue";

interface Queue {
  readonly concurrency: number;
  /** Running now. */
  readonly pending: number;
  /** Waiting. */
  readonly size: number;
  readonly isPaused: boolean;
}

export class PQueueProbe implements Probe {
  readonly name = NAME;
  private readonly patches = new Patches();
  private readonly seen = new WeakSet<object>();
  private readonly tasks = new WeakMap<object, SlotTasks>();
  private contention: Contention | null = null;
  private unwatch: () => void = () => {};

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const contention = new Contention(NAME, context);
    this.contention = contention;
    this.unwatch = onModule("p-queue", (module) => this.loaded(contention, module), { pure: true });
  }

  collect(): void {
    this.contention?.endWindow();
  }

  stop(): void {
    this.unwatch();
    if (this.contention !== null) this.contention.active = false;
    this.patches.restore();
  }

  private loaded(contention: Contention, { exports: exported, file }: LoadedModule): void {
    const found =
      typeof exported === "object" && exported !== null
        ? (exported as { default?: unknown }).default
        : undefined;
    const prototype = typeof found === "function" ? (found.prototype as unknown) : undefined;
    // Beside the queue the package has a file of its default order.
    if (typeof prototype !== "object" || prototype === null || !file.endsWith("index.js")) return;
    if (this.seen.has(prototype)) return;
    this.seen.add(prototype);
    if (isUnderstood(prototype)) {
      this.patchAdd(contention, prototype as Record<"add", AnyFunction>);
      this.patchClear(prototype as Record<"clear", AnyFunction>);
      return;
    }
    contention.context.notice({
      code: "probe-unavailable",
      severity: "info",
      text: "Waits for p-queue are not measured: this version of it is not known.",
    });
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
    return tasks.prepare(task, concurrency, pending + size >= concurrency);
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
