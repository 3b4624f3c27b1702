// Runtime: JSON and v8 serialisers. JSON counts characters of the text: bytes, where the text is Latin-1.

import type V8 from "node:v8";
import { builtin } from "../../builtins.ts";
import { CallProbe } from "../callProbe.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";
import { copiesGate } from "./gate.ts";

const textLength = (value: unknown): number => (typeof value === "string" ? value.length : 0);
const viewBytes = (value: unknown): number => (ArrayBuffer.isView(value) ? value.byteLength : 0);
const parsed: AmountOf = (_self, args) => textLength(args[0]) || viewBytes(args[0]);
const stringified: AmountOf = (_self, _args, result) => textLength(result);

export class SerialiserCopiesProbe extends CallProbe {
  private cancel: (() => void) | null = null;

  constructor() {
    super("copies.serialisers", copiesGate);
  }

  protected measure(calls: CallMeter, context: ProbeContext): void {
    const { meter } = context;
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

  override stop(): void {
    this.cancel?.();
    super.stop();
  }
}
