// Runtime: further copies of typed arrays, by name where this Node has them, and text encodings outside of Buffer's class.

import type { Kind } from "../../../protocol/categories.ts";
import { builtin } from "../../builtins.ts";
import { CallProbe } from "../callProbe.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { copiesGate } from "./gate.ts";

type Functions = Record<string, unknown>;
const bufferModule = builtin<Functions>("buffer");

/** What the user's own callback copies meanwhile counts beside them. */
const CALLS_BACK = new Set(["from", "toSorted"]);

const made: AmountOf = (_self, _args, result) => bytesOf(result);
const own: AmountOf = (self) => bytesOf(self);
/** `setFromBase64(text)`: { read, written } */
const put: AmountOf = (_self, _args, result) => (result as { written: number }).written;
const text: AmountOf = (_self, args) => (typeof args[0] === "string" ? args[0].length : 0);
const first: AmountOf = (_self, args) => bytesOf(args[0]);

function bytesOf(value: unknown): number {
  return ArrayBuffer.isView(value) ? value.byteLength : 0;
}

export class TypedArrayCopiesProbe extends CallProbe {
  constructor() {
    super("copies.typedArrays", copiesGate);
  }

  protected measure(calls: CallMeter, { meter }: ProbeContext): void {
    const on = (of: string, target: object, kind: Kind, amount: AmountOf, ...names: readonly string[]) => {
      for (const name of names) {
        if (typeof Object.getOwnPropertyDescriptor(target, name)?.value !== "function") continue;
        const operation = meter.operation(kind, of === "" ? name : `${of}.${name}`);
        const twins = target === bufferModule ? [globalThis] : [];
        calls.measure(target as Functions, [name], {
          operation,
          amount,
          nests: !CALLS_BACK.has(name),
          twins,
        });
      }
    };
    const typedArray = Object.getPrototypeOf(Uint8Array) as { readonly prototype: object };
    on("TypedArray", typedArray, "copy", made, "from");
    on("TypedArray", typedArray.prototype, "copy", made, "toReversed", "toSorted", "with");
    on("Uint8Array", Uint8Array, "encode", made, "fromBase64", "fromHex");
    on("Uint8Array", Uint8Array.prototype, "encode", put, "setFromBase64", "setFromHex");
    on("Uint8Array", Uint8Array.prototype, "decode", own, "toBase64", "toHex");
    on("buffer", bufferModule, "encode", first, "transcode");
    on("", bufferModule, "encode", text, "btoa");
    on("", bufferModule, "decode", text, "atob");
  }
}
