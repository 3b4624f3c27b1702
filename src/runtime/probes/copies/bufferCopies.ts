// Runtime: copies by Buffer, typed arrays, ArrayBuffers and text coders. Views (`subarray`, `Buffer.from(arrayBuffer)`)
// copy nothing and are not counted; `fill` writes but copies nothing.

import { Buffer } from "node:buffer";
import type { Kind } from "../../../protocol/categories.ts";
import { type AmountOf, CallMeter } from "../measuredCall.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { copiesGate } from "./gate.ts";

const byteLength = (value: unknown): number =>
  (value as { byteLength?: number } | undefined)?.byteLength ?? 0;

const resultBytes: AmountOf = (_self, _args, result) => byteLength(result);
/** `copy` and `write` return how many bytes they wrote. */
const resultNumber: AmountOf = (_self, _args, result) => (typeof result === "number" ? result : 0);

/** Bytes that `toString(encoding, start, end)` reads; Node clamps both ends. */
const decodedBytes: AmountOf = (self, args) => {
  const length = byteLength(self);
  if (args.length < 2) return length;
  const start = clamp(args[1], 0, length);
  return Math.max(0, clamp(args[2], length, length) - start);
};

function clamp(value: unknown, missing: number, length: number): number {
  if (value === undefined) return missing;
  // Only numbers are read: converting an object would run the user's code a second time.
  return typeof value === "number" ? Math.min(Math.max(Math.trunc(value) || 0, 0), length) : missing;
}

const fromString: AmountOf = (_self, args, result) => (typeof args[0] === "string" ? byteLength(result) : 0);
/** From an array, a view or a Buffer it copies; from an ArrayBuffer it makes a view. */
const fromBytes: AmountOf = (_self, args, result) => {
  const source: unknown = args[0];
  if (typeof source === "string" || (result as Buffer).buffer === source) return 0;
  return byteLength(result);
};

const setBytes: AmountOf = (self, args) => {
  const source = args[0] as { length?: unknown } | undefined;
  const each = (self as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  // An array-like object's length may be a getter: only arrays and views are read.
  if (!ArrayBuffer.isView(source) && !Array.isArray(source)) return 0;
  return (source as unknown as ArrayLike<unknown>).length * each;
};

const encodedInto: AmountOf = (_self, _args, result) =>
  (result as { written?: number } | undefined)?.written ?? 0;
const inputBytes: AmountOf = (_self, args) => byteLength(args[0]);

export class BufferCopiesProbe implements Probe {
  readonly name = "copies.buffers";
  private calls: CallMeter | null = null;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults }: ProbeContext): void {
    const calls = new CallMeter(this.name, meter, faults, copiesGate);
    this.calls = calls;
    const on = <T extends object>(
      target: T,
      keys: readonly (keyof T & string)[],
      kind: Kind,
      callee: string,
      amount: AmountOf,
      nests = false,
    ) => calls.measure(target, keys, { operation: meter.operation(kind, callee), amount, nests });

    on(Buffer, ["concat"], "concat", "Buffer.concat", resultBytes, true);
    // Two operations of one function: the outer wrapper sees strings, the inner one bytes.
    on(Buffer, ["from"], "copy", "Buffer.from", fromBytes);
    on(Buffer, ["from"], "encode", "Buffer.from", fromString);
    on(Buffer, ["copyBytesFrom" as never], "copy", "Buffer.copyBytesFrom", resultBytes, true);
    const buffer = Buffer.prototype;
    on(buffer, ["copy"], "copy", "Buffer.copy", resultNumber, true);
    on(buffer, ["toString", "toLocaleString"], "decode", "Buffer.toString", decodedBytes, true);
    on(buffer, ["write"], "encode", "Buffer.write", resultNumber, true);

    const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
    on(typedArray, ["slice"], "copy", "TypedArray.slice", resultBytes);
    on(typedArray, ["set"], "copy", "TypedArray.set", setBytes);
    on(ArrayBuffer.prototype, ["slice"], "copy", "ArrayBuffer.slice", resultBytes);
    on(SharedArrayBuffer.prototype, ["slice"], "copy", "SharedArrayBuffer.slice", resultBytes);

    on(TextEncoder.prototype, ["encode"], "encode", "TextEncoder.encode", resultBytes);
    on(TextEncoder.prototype, ["encodeInto"], "encode", "TextEncoder.encodeInto", encodedInto);
    on(TextDecoder.prototype, ["decode"], "decode", "TextDecoder.decode", inputBytes);
  }

  stop(): void {
    this.calls?.stop();
  }
}
