// Runtime: child processes, worker threads that are started, and messages between processes. A process or thread
// that is started and ends crosses twice.

import type ChildProcesses from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { builtin } from "../../builtins.ts";
import { Patches } from "../../patch.ts";
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
  /** Of children that are started in a rest and talked to in the next spell. */
  private readonly kept = new Patches();

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
      // Below the meter's, which is the first to go.
      this.watchChildren(calls, send, context);
      patchChildProcess(calls, synchronous, meter);
    });
    if (typeof process.send === "function") calls.measure(process, ["send"], send);
    const operation = meter.operation("process", "new Worker");
    const onWorker = () =>
      faults.guard(this.name, undefined, () => meter.record(operation, HANDOFFS_PER_JOB, onWorker));
    subscribe(WORKER_STARTED, onWorker);
    this.onWorker = onWorker;
  }

  /** `send` is made anew for every child that has a channel. */
  private watchChildren(calls: CallMeter, send: Measured, { meter, faults }: ProbeContext): void {
    const { ChildProcess } = builtin<typeof ChildProcesses>("child_process");
    const { name } = this;
    this.kept.replace(ChildProcess.prototype as ChildProcess & { spawn: unknown }, ["spawn"], (original) => {
      return function spawn(this: ChildProcess): unknown {
        const result: unknown = Reflect.apply(original, this, arguments);
        if (!meter.ours && typeof this.send === "function")
          faults.guard(name, undefined, () => calls.measurePassing(this, ["send"], send));
        return result;
      };
    });
  }

  override stop(): void {
    this.cancel?.();
    if (this.onWorker !== null) unsubscribe(WORKER_STARTED, this.onWorker);
    this.synchronous?.stop();
    super.stop();
    this.kept.restore();
  }
}

function patchChildProcess(calls: CallMeter, synchronous: TimedCalls, meter: Meter): void {
  const childProcess = builtin<typeof ChildProcesses>("child_process");
  const spawn = (callee: string) => ({ operation: meter.operation("process", callee), amount: jobs(1) });
  calls.measure(childProcess.ChildProcess.prototype as ChildProcess & { spawn: unknown }, ["spawn"], {
    ...spawn("child_process.spawn"),
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
