// Runtime: bytes that come out of a Blob. Node copies them twice on the way to one buffer: each part by itself, then all
// into one (growth of `arrayBuffers`, Node 20 to 26). What is decoded besides is seen at TextDecoder. A slice copies nothing.

import { Blob } from "node:buffer";
import { CallProbe } from "../callProbe.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { copiesGate } from "./gate.ts";

const TIMES_COPIED = 2;
const size = Object.getOwnPropertyDescriptor(Blob.prototype, "size")?.get;

/** Of something else it throws: the call was refused, too. */
const readOut: AmountOf = (self) =>
  self instanceof Blob && size !== undefined ? TIMES_COPIED * (Reflect.apply(size, self, []) as number) : 0;

export class BlobCopiesProbe extends CallProbe {
  constructor() {
    super("copies.blobs", copiesGate);
  }

  protected measure(calls: CallMeter, { meter }: ProbeContext): void {
    for (const name of ["arrayBuffer", "bytes", "text"] as const) {
      const operation = meter.operation("copy", `Blob.${name}`);
      // On some versions they call each other.
      calls.measure(Blob.prototype, [name as never], { operation, amount: readOut, nests: true });
    }
  }
}
