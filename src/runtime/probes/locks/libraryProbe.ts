// Runtime: what the probes of lock libraries share: they wait for the library to be loaded, and patch it where they know
// its insides.

import { type LoadedModule, onModule, type WatchOptions } from "../../moduleWatch.ts";
import { Patches } from "../../patch.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { Contention } from "./contention.ts";

export abstract class LibraryProbe implements Probe {
  protected readonly patches = new Patches();
  private readonly seen = new WeakSet<object>();
  private readonly unwatch: (() => void)[] = [];
  /** Made when a library is there: most servers have few of them. */
  protected contention: Contention | null = null;

  /** @param packages by name, with what is wanted of them */
  constructor(
    readonly name: string,
    private readonly packages: Readonly<Record<string, WatchOptions>>,
  ) {}

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    for (const [name, options] of Object.entries(this.packages)) {
      const watcher = (module: LoadedModule) => {
        this.contention ??= new Contention(this.name, context);
        this.loaded(this.contention, module, name);
      };
      this.unwatch.push(onModule(name, watcher, options));
    }
  }

  collect(): void {
    this.contention?.endWindow();
  }

  stop(): void {
    for (const unwatch of this.unwatch.splice(0)) unwatch();
    if (this.contention !== null) this.contention.active = false;
    this.patches.restore();
  }

  protected abstract loaded(contention: Contention, module: LoadedModule, library: string): void;

  /** The prototype of a class that was not seen before, else null. */
  protected fresh<T extends object>(found: unknown): T | null {
    const prototype = typeof found === "function" ? (found.prototype as unknown) : undefined;
    if (typeof prototype !== "object" || prototype === null || this.seen.has(prototype)) return null;
    this.seen.add(prototype);
    return prototype as T;
  }

  protected notUnderstood({ context }: Contention, library: string): void {
    context.notice({
      code: "probe-unavailable",
      severity: "info",
      text: `Waits for ${library} are not measured: this version of it is not known.`,
    });
  }
}

/** A property of what a module exports, or of an object. */
export function member(of: unknown, name: string): unknown {
  const holds = (typeof of === "object" && of !== null) || typeof of === "function";
  return holds ? (of as Readonly<Record<string, unknown>>)[name] : undefined;
}
