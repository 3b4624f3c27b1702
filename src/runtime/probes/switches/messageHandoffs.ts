// Runtime: messages to other threads: each is one hand-off, charged to the sender.

import { BroadcastChannel, MessagePort, Worker } from "node:worker_threads";
import { CallMeter } from "../measuredCall.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { handoffsGate, oneHandoff } from "./handoff.ts";

export class MessageHandoffsProbe implements Probe {
  readonly name = "switches.messages";
  private calls: CallMeter | null = null;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults }: ProbeContext): void {
    const calls = new CallMeter(this.name, meter, faults, handoffsGate);
    this.calls = calls;
    const on = (target: { postMessage: unknown }, callee: string) =>
      calls.measure(target, ["postMessage"], {
        operation: meter.operation("hand-off", callee),
        amount: oneHandoff,
        nests: true,
      });
    on(MessagePort.prototype, "MessagePort.postMessage");
    on(Worker.prototype, "Worker.postMessage");
    on(BroadcastChannel.prototype, "BroadcastChannel.postMessage");
  }

  stop(): void {
    this.calls?.stop();
  }
}
