// Runtime: work that is put off to the loop's next phase on the same thread. Node's own inside kept the original: what comes
// here is the user's and dependencies'. `nextTick` and microtasks cost a tenth, and Node's inside calls them for every request:
// looking at each would cost as much as they do.

import timers from "node:timers";
import { CallMeter } from "../measuredCall.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { handoffsGate, oneHandoff } from "./handoff.ts";

export class HopsProbe implements Probe {
  readonly name = "switches.hops";
  private calls: CallMeter | null = null;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults }: ProbeContext): void {
    const calls = new CallMeter(this.name, meter, faults, handoffsGate);
    this.calls = calls;
    const operation = meter.operation("hop", "setImmediate");
    calls.measure(globalThis, ["setImmediate"], { operation, amount: oneHandoff, twins: [timers] });
  }

  stop(): void {
    this.calls?.stop();
  }
}
