// Runtime: garbage collections by kind, and the thread's total of allocated bytes.

import { GC_KINDS } from "../../../protocol/window.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { collections } from "./collections.ts";

export class GcProbe implements Probe {
  readonly name = "gc";
  private context: ProbeContext | null = null;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    this.context = context;
    this.resume();
  }

  rest(): void {
    collections.stop();
  }

  resume(): void {
    if (this.context === null) return;
    const { faults, meter } = this.context;
    collections.start((action) => {
      meter.quiet++;
      faults.guard(this.name, undefined, action);
      meter.quiet--;
    });
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
