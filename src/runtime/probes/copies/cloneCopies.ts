// Runtime: structured clone, by itself and on the way to another thread. How often is counted exactly; how much is
// known at once of strings and bytes; of other values it is measured where a stack is taken (sizing every value would cost as much as cloning it) and scaled up by the count.

import { types } from "node:util";
import { BroadcastChannel, MessagePort, Worker } from "node:worker_threads";
import { Patches } from "../../patch.ts";
import type { Meter } from "../../sampling/meter.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { clonedBytes } from "./clonedBytes.ts";
import { copyTraces } from "./copyTrace.ts";
import { copiesGate } from "./gate.ts";

export class CloneCopiesProbe implements Probe {
  readonly name = "copies.clones";
  private readonly patches = new Patches();
  private active = true;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults }: ProbeContext): void {
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
    const probe = this;
    this.patches.replace(target, [key], (original) => {
      const { measured } = {
        measured(this: unknown): unknown {
          if (!probe.active || copiesGate.depth > 0) return Reflect.apply(original, this, arguments);
          // `Worker.postMessage` calls its port's.
          copiesGate.depth++;
          let result: unknown;
          try {
            result = Reflect.apply(original, this, arguments);
          } finally {
            copiesGate.depth--;
          }
          try {
            const value: unknown = arguments[0];
            if (hasTransfer(arguments[1])) return result;
            const bytes = bulkBytes(value);
            if (bytes === null) meter.recordSized([graphs, bulk], () => partsOf(value), measured);
            else meter.record(bulk, bytes, measured);
            if (copyTraces.isTraced()) {
              const [graph, moved] = bytes === null ? partsOf(value) : [0, bytes];
              // One station: by the price of its larger part.
              const of = graph > moved ? graphs : bulk;
              copyTraces.copied(meter, of, graph + moved, measured, "returned", undefined, arguments, result);
            }
          } catch (error) {
            faults.add(probe.name, error);
          }
          return result;
        },
      };
      return measured;
    });
  }
}

function partsOf(value: unknown): [graph: number, bulk: number] {
  const { graph, bulk } = clonedBytes(value);
  return [graph, bulk];
}

/** Of a string or of bytes, which are copied as they are and not walked: their size is known at once. Else null. */
function bulkBytes(value: unknown): number | null {
  if (typeof value === "string") return value.length;
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  return types.isArrayBuffer(buffer) ? buffer.byteLength : null;
}

/** A call that transfers moves what it lists; what it clones beside that is not told apart, so it counts nothing. */
function hasTransfer(options: unknown): boolean {
  if (typeof options !== "object" || options === null) return false;
  if (Array.isArray(options)) return options.length > 0;
  const transfer = Object.getOwnPropertyDescriptor(options, "transfer")?.value as unknown;
  return Array.isArray(transfer) && transfer.length > 0;
}
