// Runtime: what the probes of lock libraries share. Each is made by its room (see `libraryRoom.ts`) when its library is
// there, and patches it where it knows its insides.

import { fill } from "../../../protocol/fill.ts";
import { NOTICES } from "../../../protocol/notices.ts";
import type { LoadedModule } from "../../moduleWatch.ts";
import { Patches } from "../../patch.ts";
import type { ProbeContext } from "../probe.ts";
import { Contention } from "./contention.ts";

export abstract class LibraryProbe {
  protected readonly patches = new Patches();
  private readonly seen = new WeakSet<object>();
  protected contention: Contention | null = null;

  constructor(readonly name: string) {}

  /** A file of the library was loaded. */
  found(context: ProbeContext, module: LoadedModule, library: string): void {
    this.loaded(this.contentionOf(context), module, library);
  }

  collect(): void {
    this.contention?.endWindow();
  }

  stop(): void {
    if (this.contention !== null) this.contention.active = false;
    this.patches.restore();
  }

  protected abstract loaded(contention: Contention, module: LoadedModule, library: string): void;

  protected contentionOf(context: ProbeContext): Contention {
    this.contention ??= new Contention(this.name, context);
    return this.contention;
  }

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
      text: fill(NOTICES.unknownLibrary, library),
    });
  }
}

/** A property of what a module exports, or of an object. */
export function member(of: unknown, name: string): unknown {
  const holds = (typeof of === "object" && of !== null) || typeof of === "function";
  return holds ? (of as Readonly<Record<string, unknown>>)[name] : undefined;
}
