// Runtime: work that is put off to the loop's next phase on the same thread. Node's own inside kept the original: what comes
// here is the user's and dependencies'. `nextTick` and microtasks cost a tenth, and Node's inside calls them for every request:
// looking at each would cost as much as they do.

import timers from "node:timers";
import { CallProbe } from "../callProbe.ts";
import type { CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { handoffsGate, oneHandoff } from "./handoff.ts";

export class HopsProbe extends CallProbe {
  constructor() {
    super("switches.hops", handoffsGate);
  }

  protected measure(calls: CallMeter, { meter }: ProbeContext): void {
    const operation = meter.operation("hop", "setImmediate");
    calls.measure(globalThis, ["setImmediate"], { operation, amount: oneHandoff, twins: [timers] });
  }
}
