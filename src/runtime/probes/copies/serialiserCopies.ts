// Runtime: JSON and v8 serialisers. JSON counts characters of the text: bytes, where the text is Latin-1.

import v8 from "node:v8";
import { type AmountOf, CallMeter } from "../measuredCall.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { copiesGate } from "./gate.ts";

const textLength = (value: unknown): number => (typeof value === "string" ? value.length : 0);
const viewBytes = (value: unknown): number => (ArrayBuffer.isView(value) ? value.byteLength : 0);
const parsed: AmountOf = (_self, args) => textLength(args[0]) || viewBytes(args[0]);
const stringified: AmountOf = (_self, _args, result) => textLength(result);

export class SerialiserCopiesProbe implements Probe {
  readonly name = "copies.serialisers";
  private calls: CallMeter | null = null;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults }: ProbeContext): void {
    const calls = new CallMeter(this.name, meter, faults, copiesGate);
    this.calls = calls;
    calls.measure(JSON, ["parse"], { operation: meter.operation("parse", "JSON.parse"), amount: parsed });
    calls.measure(JSON, ["stringify"], {
      operation: meter.operation("serialise", "JSON.stringify"),
      amount: stringified,
    });
    calls.measure(v8, ["serialize"], {
      operation: meter.operation("serialise", "v8.serialize"),
      amount: (_self, _args, result) => viewBytes(result),
      nests: true,
    });
    calls.measure(v8, ["deserialize"], {
      operation: meter.operation("parse", "v8.deserialize"),
      amount: (_self, args) => viewBytes(args[0]),
      nests: true,
    });
  }

  stop(): void {
    this.calls?.stop();
  }
}
