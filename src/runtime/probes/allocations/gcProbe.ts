// Runtime: garbage collections by kind, the thread's total of allocated bytes, and what it made off the heap uncounted.

import { GC_KINDS } from "../../../protocol/window.ts";
import { ThreadBoard } from "../../threadBoard.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { collections } from "./collections.ts";
import { offHeapGrowth } from "./offHeapGrowth.ts";

export class GcProbe implements Probe {
  readonly name = "gc";
  private context: ProbeContext | null = null;
  private board: ThreadBoard | null = null;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    this.context = context;
    this.board = ThreadBoard.open();
    this.resume();
  }

  rest(): void {
    collections.stop();
  }

  resume(): void {
    if (this.context === null) return;
    const { faults, meter, options } = this.context;
    // Transfers are seen where copies are measured.
    const seen = options.categories.includes("copies");
    const mayMove = () => !seen || this.board?.memoryMoved === true;
    collections.start((action) => {
      meter.quiet++;
      faults.guard(this.name, undefined, action);
      meter.quiet--;
    }, mayMove);
  }

  collect(window: WindowDraft): void {
    const { allocatedBytes, kinds } = collections.take();
    for (const kind of GC_KINDS) {
      const row = kinds.get(kind);
      if (row !== undefined) window.gc.push([kind, row[0], row[1]]);
    }
    window.thread.allocatedBytes = allocatedBytes;
    window.thread.uncountedOffHeapBytes = offHeapGrowth.take();
  }

  stop(): void {
    collections.stop();
  }
}
