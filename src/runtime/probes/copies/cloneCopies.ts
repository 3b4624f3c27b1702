// Runtime: structured clone, by itself and on the way to another thread. How often is counted exactly; how much is
// known at once of strings and bytes; of other values it is measured where a stack is taken (sizing every value would cost as much as cloning it) and scaled up by the count.

import { types } from "node:util";
import { BroadcastChannel, MessagePort, Worker } from "node:worker_threads";
import { RestingPatches } from "../../restingPatches.ts";
import type { Meter } from "../../sampling/meter.ts";
import { ThreadBoard } from "../../threadBoard.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { freshStandIn, nestingStandIn, type StandInParts } from "../standIn.ts";
import { clonedBytes } from "./clonedBytes.ts";
import { copyTraces } from "./copyTrace.ts";
import { copiesGate } from "./gate.ts";
import { heldBytes, ownOption } from "./textBytes.ts";

export class CloneCopiesProbe implements Probe {
  readonly name = "copies.clones";
  private readonly patches = new RestingPatches();
  private board: ThreadBoard | null = null;
  /** Whether what clones have off the heap is measured. */
  private memory = false;
  active = true;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults, options }: ProbeContext): void {
    this.memory = options.categories.includes("allocations");
    this.board = ThreadBoard.open();
    this.measure(meter, faults, globalThis, "structuredClone", "structuredClone");
    this.measure(meter, faults, MessagePort.prototype, "postMessage", "MessagePort.postMessage");
    this.measure(meter, faults, Worker.prototype, "postMessage", "Worker.postMessage");
    this.measure(meter, faults, BroadcastChannel.prototype, "postMessage", "BroadcastChannel.postMessage");
  }

  stop(): void {
    this.active = false;
    this.patches.restore();
  }

  private measure<T extends object>(
    meter: Meter,
    faults: ProbeContext["faults"],
    target: T,
    key: keyof T & string,
    callee: string,
  ): void {
    const graphs = meter.operation("clone", callee);
    const bulk = meter.operation("copy", callee);
    const memory = this.memory ? meter.operation("buffers", callee) : null;
    const parts = memory === null ? [graphs, bulk] : [graphs, bulk, memory];
    this.patches.replace(target, [key], (original) => {
      const cloned = (args: IArguments, result: unknown) => {
        const value: unknown = args[0];
        const transferred = transferOf(args[1]);
        // Within one call it comes back to where it was.
        if (transferred !== null && callee !== "structuredClone" && holdsMemory(transferred))
          this.board?.memoryMoves();
        if (transferred !== null && isMoved(value, transferred)) return;
        const bytes = bulkBytes(value);
        if (bytes === null) meter.recordSized(parts, () => partsOf(value, transferred), measured);
        else {
          meter.record(bulk, bytes, measured);
          if (memory !== null && typeof value !== "string") meter.record(memory, bytes, measured);
        }
        if (!copyTraces.isTraced()) return;
        const [graph, moved] = bytes === null ? partsOf(value, transferred) : [0, bytes];
        // One station: by the price of its larger part.
        const of = graph > moved ? graphs : bulk;
        copyTraces.copied(meter, of, graph + moved, measured, "returned", undefined, args, result);
      };
      const called = { original, apply: Reflect.apply, calls: this, gate: copiesGate, amount: () => 1 };
      const record: StandInParts["record"] = (_amount, _standIn, args, _self, result) => cloned(args, result);
      // `Worker.postMessage` calls its port's.
      const measured = freshStandIn(nestingStandIn, {
        ...called,
        record,
        failed: (error) => faults.add(this.name, error),
      });
      return measured;
    });
  }
}

/** As many as are asked for count. */
function partsOf(
  value: unknown,
  transferred: readonly unknown[] | null,
): [graph: number, bulk: number, memory: number] {
  const { graph, bulk, memory } = clonedBytes(value, transferred ?? []);
  return [graph, bulk, memory];
}

/** Of a string or of bytes, which are copied as they are and not walked: their size is known at once. Else null. */
function bulkBytes(value: unknown): number | null {
  if (typeof value === "string") return heldBytes(value);
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  return types.isArrayBuffer(buffer) ? buffer.byteLength : null;
}

/** What a call moves instead of copying it; null for nothing. */
function transferOf(options: unknown): readonly unknown[] | null {
  if (typeof options !== "object" || options === null || types.isProxy(options)) return null;
  const listed: unknown = Array.isArray(options) ? options : ownOption(options, "transfer");
  return Array.isArray(listed) && !types.isProxy(listed) && listed.length > 0 ? listed : null;
}

function holdsMemory(transferred: readonly unknown[]): boolean {
  for (let at = 0; at < transferred.length; at++)
    if (types.isArrayBuffer(ownOption(transferred, `${at}`))) return true;
  return false;
}

/** That nothing is left to be copied: all of it is in the list, or it is no more than a word beside it. */
function isMoved(value: unknown, transferred: readonly unknown[]): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "string";
  const whole: unknown = ArrayBuffer.isView(value) ? value.buffer : value;
  for (let at = 0; at < transferred.length; at++) if (ownOption(transferred, `${at}`) === whole) return true;
  return false;
}
