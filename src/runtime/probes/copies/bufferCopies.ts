// Runtime: copies by Buffer, typed arrays, ArrayBuffers and text coders. Views (`subarray`, `Buffer.from(arrayBuffer)`)
// copy nothing and are not counted; `fill` writes but copies nothing.

import { Buffer } from "node:buffer";
import { types } from "node:util";
import type { Kind } from "../../../protocol/categories.ts";
import { CallProbe } from "../callProbe.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import type { Flow } from "./flow.ts";
import { copiesGate } from "./gate.ts";

/** As Buffer's own methods name them. */
const ENCODINGS = ["ascii", "base64", "base64url", "hex", "latin1", "ucs2", "utf8"];

// Each operation has an amount of its own, even if it reads as another's: V8 finds a property fast where the same kind
// of object comes by each time. Of bytes `length` is read, which takes V8 8 ns less than `byteLength`.
const concatenated: AmountOf = (_self, _args, result) => (result as Buffer).length;
const copiedFrom: AmountOf = (_self, _args, result) => (result as Buffer).length;
const sliced: AmountOf = (_self, _args, result) => (result as Uint8Array).byteLength;
const slicedBuffer: AmountOf = (_self, _args, result) => (result as ArrayBuffer).byteLength;
const slicedShared: AmountOf = (_self, _args, result) => (result as SharedArrayBuffer).byteLength;
const encoded: AmountOf = (_self, _args, result) => (result as Uint8Array).length;
const encodedInto: AmountOf = (_self, _args, result) => (result as { written: number }).written;
const decoded: AmountOf = (_self, args) => (args[0] as Uint8Array | undefined)?.byteLength ?? 0;
/** They return how many bytes they wrote. */
const written: AmountOf = (_self, _args, result) => (typeof result === "number" ? result : 0);

/** Bytes that `toString(encoding, start, end)` reads; Node clamps both ends. */
const decodedBytes: AmountOf = (self, args) => {
  const { length } = self as Buffer;
  if (args.length < 2) return length;
  const start = clamp(args[1], 0, length);
  return Math.max(0, clamp(args[2], length, length) - start);
};

function clamp(value: unknown, missing: number, length: number): number {
  if (value === undefined) return missing;
  // Only numbers are read: converting an object would run the user's code a second time.
  return typeof value === "number" ? Math.min(Math.max(Math.trunc(value) || 0, 0), length) : missing;
}

/** `utf8Slice(start, end)` and the like, which libraries call for speed; both ends may be missing. */
const slicedText: AmountOf = (self, args) => {
  const { length } = self as Buffer;
  return Math.max(0, clamp(args[1], length, length) - clamp(args[0], 0, length));
};

/** `copyWithin(target, start, end)`: each counts from the end when it is negative. */
const movedBytes: AmountOf = (self, args) => {
  const { length, BYTES_PER_ELEMENT } = self as Uint8Array;
  const start = relative(args[1], 0, length);
  const count = Math.min(relative(args[2], length, length) - start, length - relative(args[0], 0, length));
  return Math.max(0, count) * BYTES_PER_ELEMENT;
};

function relative(value: unknown, missing: number, length: number): number {
  if (typeof value !== "number") return missing;
  const whole = Math.trunc(value) || 0;
  return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length);
}

/** From a string, an array, a view or a Buffer it copies; from an ArrayBuffer it makes a view. */
const fromBytes: AmountOf = (_self, args, result) => {
  const source: unknown = args[0];
  const copied =
    typeof source === "string" ||
    ArrayBuffer.isView(source) ||
    Array.isArray(source) ||
    // Dear, so asked last.
    (result as Buffer).buffer !== source;
  return copied ? (result as Buffer).length : 0;
};

const setBytes: AmountOf = (self, args) => {
  const source = args[0] as { length?: unknown } | undefined;
  const each = (self as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  // An array-like object's length may be a getter, and a proxy would see it: only arrays and views are read.
  if (!ArrayBuffer.isView(source) && (!Array.isArray(source) || types.isProxy(source))) return 0;
  return (source as unknown as ArrayLike<unknown>).length * each;
};

export class BufferCopiesProbe extends CallProbe {
  constructor() {
    super("copies.buffers", copiesGate);
  }

  protected measure(calls: CallMeter, { meter }: ProbeContext): void {
    const on = <T extends object>(
      target: T,
      keys: readonly (keyof T & string)[],
      kind: Kind,
      callee: string,
      amount: AmountOf,
      nests = false,
      flow: Flow = "returned",
    ) => calls.measure(target, keys, { operation: meter.operation(kind, callee), amount, nests, flow });

    on(Buffer, ["concat"], "concat", "Buffer.concat", concatenated, true);
    const fromText = meter.operation("encode", "Buffer.from");
    const fromOthers = meter.operation("copy", "Buffer.from");
    calls.measure(Buffer, ["from"], {
      operation: (args) => (typeof args[0] === "string" ? fromText : fromOthers),
      amount: fromBytes,
      nests: true,
    });
    on(Buffer, ["copyBytesFrom" as never], "copy", "Buffer.copyBytesFrom", copiedFrom, true);
    const buffer = Buffer.prototype;
    on(buffer, ["copy"], "copy", "Buffer.copy", written, true, "first");
    on(buffer, ["toString", "toLocaleString"], "decode", "Buffer.toString", decodedBytes, true);
    on(buffer, ["write"], "encode", "Buffer.write", written, true, "self");
    for (const encoding of ENCODINGS) {
      on(buffer, [`${encoding}Slice` as never], "decode", `Buffer.${encoding}Slice`, slicedText);
      on(buffer, [`${encoding}Write` as never], "encode", `Buffer.${encoding}Write`, written, false, "self");
    }

    const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
    on(typedArray, ["slice"], "copy", "TypedArray.slice", sliced);
    on(typedArray, ["set"], "copy", "TypedArray.set", setBytes, false, "self");
    on(typedArray, ["copyWithin"], "copy", "TypedArray.copyWithin", movedBytes, false, "self");
    on(ArrayBuffer.prototype, ["slice"], "copy", "ArrayBuffer.slice", slicedBuffer);
    on(SharedArrayBuffer.prototype, ["slice"], "copy", "SharedArrayBuffer.slice", slicedShared);

    on(TextEncoder.prototype, ["encode"], "encode", "TextEncoder.encode", encoded);
    on(
      TextEncoder.prototype,
      ["encodeInto"],
      "encode",
      "TextEncoder.encodeInto",
      encodedInto,
      false,
      "second",
    );
    // From Node 24 on by `latin1Slice`, where a character is a byte.
    on(TextDecoder.prototype, ["decode"], "decode", "TextDecoder.decode", decoded, true);
  }
}
