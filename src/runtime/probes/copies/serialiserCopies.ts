// Runtime: JSON and v8 serialisers. JSON counts characters of the text: bytes, where the text is Latin-1.

import type V8 from "node:v8";
import { builtin } from "../../builtins.ts";
import { type AmountOf, CallMeter } from "../measuredCall.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";
import { copiesGate } from "./gate.ts";

const textLength = (value: unknown): number => (typeof value === "string" ? value.length : 0);
const viewBytes = (value: unknown): number => (ArrayBuffer.isView(value) ? value.byteLength : 0);
const parsed: AmountOf = (_self, args) => textLength(args[0]) || viewBytes(args[0]);
const stringified: AmountOf = (_self, _args, result) => textLength(result);

export class SerialiserCopiesProbe implements Probe {
  readonly name = "copies.serialisers";
  private calls: CallMeter | null = null;
  private cancel: (() => void) | null = null;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const { meter, faults } = context;
    const calls = new CallMeter(this.name, meter, faults, copiesGate);
    this.calls = calls;
    const on = <T extends object>(
      target: T,
      key: keyof T & string,
      kind: "parse" | "serialise",
      callee: string,
      amount: AmountOf,
      nests = false,
    ) => {
      const operation = meter.operation(kind, callee);
      calls.measure(target, [key], { operation, amount, timed: operation, nests });
    };
    on(JSON, "parse", "parse", "JSON.parse", parsed);
    on(JSON, "stringify", "serialise", "JSON.stringify", stringified);
    this.cancel = whenAsked(this.name, context, ["v8"], () => {
      const v8 = builtin<typeof V8>("v8");
      on(v8, "serialize", "serialise", "v8.serialize", (_self, _args, result) => viewBytes(result), true);
      on(v8, "deserialize", "parse", "v8.deserialize", (_self, args) => viewBytes(args[0]), true);
    });
  }

  stop(): void {
    this.cancel?.();
    this.calls?.stop();
  }
}
