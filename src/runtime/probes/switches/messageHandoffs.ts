// Runtime: messages to other threads: each is one hand-off, charged to the sender.

import { BroadcastChannel, MessagePort, Worker } from "node:worker_threads";
import { CallProbe } from "../callProbe.ts";
import type { CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { handoffsGate, oneHandoff } from "./handoff.ts";

export class MessageHandoffsProbe extends CallProbe {
  constructor() {
    super("switches.messages", handoffsGate);
  }

  protected measure(calls: CallMeter, { meter }: ProbeContext): void {
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
}
