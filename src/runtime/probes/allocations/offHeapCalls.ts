// Runtime: off-heap memory by line beyond Buffer's functions: what methods make anew, and the constructors that can be stood
// before unseen. Those of ArrayBuffer and the typed arrays can't: V8 takes slow ways through `slice`, `subarray`, `map` and
// `new Uint8Array(array)` (2 to 20 times as long) once their prototypes' `constructor` is another.

import { types } from "node:util";
import type { Meter } from "../../sampling/meter.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import { ON_HEAP_BYTES } from "./bufferPool.ts";
import { offHeapGrowth } from "./offHeapGrowth.ts";

const PAGE_BYTES = 65_536;
const typedArray = Object.getPrototypeOf(Uint8Array) as { readonly prototype: object };
/** Classes of the user's may have another of that name, and objects may lack their class's prototype. */
const getter = (prototype: object, name: string) => {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get as () => unknown;
  return (of: unknown) => Reflect.apply(get, of, []) as unknown;
};
/** Also what is in neither of the figures that it is held against, as growable memory: less is uncounted then, never too much. */
const counted = (bytes: number): number => {
  offHeapGrowth.counted(bytes);
  return bytes;
};
const lengthIn = (prototype: object): AmountOf => {
  const length = getter(prototype, "byteLength");
  return (_self, _args, result) => {
    const bytes = length(result) as number;
    return bytes > ON_HEAP_BYTES ? counted(bytes) : 0;
  };
};
const viewed = lengthIn(typedArray.prototype);
/** `grow(pages)`. An object's number is told by the user's code, which must not run again. */
const grown: AmountOf = (_self, args) => (typeof args[0] === "number" ? counted(args[0] * PAGE_BYTES) : 0);

export function measureOffHeapCalls(calls: CallMeter, meter: Meter): void {
  const on = (of: string, target: object, names: readonly string[], amount: AmountOf) => {
    for (const name of names) {
      if (typeof Object.getOwnPropertyDescriptor(target, name)?.value !== "function") continue;
      const operation = meter.operation("buffers", `${of}.${name}`);
      calls.measure(target as Record<string, unknown>, [name], { operation, amount });
    }
  };
  // Callbacks of the user's run within some: what these make is theirs, so that none nests.
  on(
    "TypedArray",
    typedArray.prototype,
    ["slice", "map", "filter", "toReversed", "toSorted", "with"],
    viewed,
  );
  on("Uint8Array", Uint8Array, ["fromBase64", "fromHex"], viewed);
  on("ArrayBuffer", ArrayBuffer.prototype, ["slice"], lengthIn(ArrayBuffer.prototype));
  on("TextEncoder", TextEncoder.prototype, ["encode"], viewed);
  on("WebAssembly.Memory", WebAssembly.Memory.prototype, ["grow"], grown);
  const shared = meter.operation("buffers", "SharedArrayBuffer");
  const sharedLength = getter(SharedArrayBuffer.prototype, "byteLength");
  calls.construct(globalThis, "SharedArrayBuffer", (result, standIn) =>
    meter.record(shared, counted(sharedLength(result) as number), standIn),
  );
  const memory = meter.operation("buffers", "WebAssembly.Memory");
  const buffer = getter(WebAssembly.Memory.prototype, "buffer");
  const length = getter(ArrayBuffer.prototype, "byteLength");
  calls.construct(WebAssembly, "Memory", (result, standIn) => {
    const bytes = buffer(result);
    meter.record(
      memory,
      counted((types.isSharedArrayBuffer(bytes) ? sharedLength : length)(bytes) as number),
      standIn,
    );
  });
}
