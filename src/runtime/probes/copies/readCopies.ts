// Runtime: a stream's own joining: `read()` hands out one of the chunks that it holds, or a view of it, or else it copies
// several into one. `for await` reads like this, too; `'data'` gets the chunks as they came.

import { Readable } from "node:stream";
import { types } from "node:util";
import { RestingPatches } from "../../restingPatches.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { copyTraces } from "./copyTrace.ts";
import { copiesGate } from "./gate.ts";

interface State {
  readonly length: number;
  readonly objectMode: boolean;
  /** Up to some version 20 a linked list. */
  readonly buffer: readonly unknown[] | { readonly head?: { readonly data?: unknown } | null };
  readonly bufferIndex?: number;
}

/** Bytes of the chunk that a stream gives first; 0 when it holds none, or none of bytes. Nothing is asked of a proxy; never throws. */
function firstBytes(stream: unknown): number {
  if (types.isProxy(stream)) return 0;
  try {
    const state = (stream as { _readableState?: State } | null | undefined)?._readableState;
    if (state === undefined || !(state.length > 0)) return 0;
    const { buffer } = state;
    const first = Array.isArray(buffer) ? (buffer[state.bufferIndex ?? 0] as unknown) : headOf(buffer);
    return ArrayBuffer.isView(first) ? first.byteLength : 0;
  } catch {
    // It is no stream: the call itself says so.
    return 0;
  }
}

function headOf(list: State["buffer"]): unknown {
  return (list as { readonly head?: { readonly data?: unknown } | null }).head?.data;
}

export class ReadCopiesProbe implements Probe {
  readonly name = "copies.reads";
  private readonly patches = new RestingPatches();
  private active = true;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults }: ProbeContext): void {
    const joined = meter.operation("concat", "Readable.read");
    const probe = this;
    this.patches.replace(Readable.prototype, ["read"], (original) => {
      return function read(this: unknown): unknown {
        const first = probe.active ? firstBytes(this) : 0;
        const result: unknown = Reflect.apply(original, this, arguments);
        if (first === 0 || copiesGate.depth > 0 || !ArrayBuffer.isView(result)) return result;
        try {
          const { byteLength } = result;
          if (byteLength <= first) return result;
          meter.record(joined, byteLength, read);
          if (copyTraces.active > 0)
            copyTraces.copied(meter, joined, byteLength, read, "returned", this, arguments, result);
        } catch (error) {
          faults.add(probe.name, error);
        }
        return result;
      };
    });
  }

  stop(): void {
    this.active = false;
    this.patches.restore();
  }
}
