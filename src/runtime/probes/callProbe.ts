// Runtime: what the probes share that measure calls: a meter of them from start to stop.

import { CallMeter, type Gate } from "./measuredCall.ts";
import type { Probe, ProbeContext } from "./probe.ts";

export abstract class CallProbe implements Probe {
  private calls: CallMeter | null = null;

  /** @param gate of those that may call each other (see `CallMeter`) */
  constructor(
    readonly name: string,
    private readonly gate: Gate,
  ) {}

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    this.calls = new CallMeter(this.name, context.meter, context.faults, this.gate);
    this.measure(this.calls, context);
  }

  /** Stand-ins that the user's code holds itself pass straight through. */
  rest(): void {
    if (this.calls !== null) this.calls.active = false;
  }

  resume(): void {
    if (this.calls !== null) this.calls.active = true;
  }

  stop(): void {
    this.calls?.stop();
  }

  protected abstract measure(calls: CallMeter, context: ProbeContext): void;
}
