// Runtime: garbage collections by kind, and the thread's total of allocated bytes.

import { GCProfiler } from "node:v8";
import { GC_KINDS } from "../../../protocol/wire.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { collections } from "./collections.ts";

export class GcProbe implements Probe {
  readonly name = "gc";

  unavailable(): string | null {
    return typeof GCProfiler === "function" ? null : "This Node has no v8.GCProfiler.";
  }

  start({ faults }: ProbeContext): void {
    collections.start((action) => faults.guard(this.name, undefined, action));
  }

  collect(window: WindowDraft): void {
    const { allocatedBytes, kinds } = collections.take();
    for (const kind of GC_KINDS) {
      const row = kinds.get(kind);
      if (row !== undefined) window.gc.push([kind, row[0], row[1]]);
    }
    window.thread.allocatedBytes = allocatedBytes;
  }

  stop(): void {
    collections.stop();
  }
}
