// Runtime: child processes, worker threads that are started, and messages between processes. A process or thread
// that is started and ends crosses twice.

import type ChildProcesses from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { builtin } from "../../builtins.ts";
import type { Meter } from "../../sampling/meter.ts";
import { CallProbe } from "../callProbe.ts";
import { type CallMeter, type Measured, TimedCalls } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";
import { HANDOFFS_PER_JOB, handoffsGate, jobs, oneHandoff } from "./handoff.ts";

const WORKER_STARTED = "worker_threads";

export class ProcessHandoffsProbe extends CallProbe {
  private synchronous: TimedCalls | null = null;
  private onWorker: (() => void) | null = null;
  private cancel: (() => void) | null = null;

  constructor() {
    super("switches.processes", handoffsGate);
  }

  protected measure(calls: CallMeter, context: ProbeContext): void {
    const { meter, faults } = context;
    const synchronous = new TimedCalls(this.name, meter, faults, handoffsGate);
    this.synchronous = synchronous;
    const send = { operation: meter.operation("hand-off", "process.send"), amount: oneHandoff };
    // A cluster's primary starts its workers without the user's code asking for child_process.
    this.cancel = whenAsked(this.name, context, ["child_process", "cluster"], () => {
      patchChildProcess(calls, synchronous, meter, send);
    });
    if (typeof process.send === "function") calls.measure(process, ["send"], send);
    const operation = meter.operation("process", "new Worker");
    const onWorker = () =>
      faults.guard(this.name, undefined, () => meter.record(operation, HANDOFFS_PER_JOB, onWorker));
    subscribe(WORKER_STARTED, onWorker);
    this.onWorker = onWorker;
  }

  override stop(): void {
    this.cancel?.();
    if (this.onWorker !== null) unsubscribe(WORKER_STARTED, this.onWorker);
    this.synchronous?.stop();
    super.stop();
  }
}

function patchChildProcess(calls: CallMeter, synchronous: TimedCalls, meter: Meter, send: Measured): void {
  const childProcess = builtin<typeof ChildProcesses>("child_process");
  const spawn = (callee: string) => ({ operation: meter.operation("process", callee), amount: jobs(1) });
  const spawned = spawn("child_process.spawn");
  calls.measure(childProcess.ChildProcess.prototype as ChildProcess & { spawn: unknown }, ["spawn"], {
    ...spawned,
    amount: (self) => {
      // `send` is made anew for every child that has a channel.
      const child = self as ChildProcess;
      if (typeof child.send === "function") calls.measurePassing(child, ["send"], send);
      return HANDOFFS_PER_JOB;
    },
  });
  // They throw when the process fails.
  for (const name of ["spawnSync", "execSync", "execFileSync"] as const) {
    const { operation } = spawn(`child_process.${name}`);
    synchronous.measure(
      childProcess as unknown as Record<string, unknown>,
      name,
      () => operation,
      () => HANDOFFS_PER_JOB,
    );
  }
}
