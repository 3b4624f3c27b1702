// Runtime: whether the model of the pool is right: a small job of our own, four times a second while the pool is in use,
// waits as any other. Where it waits longer than the model says, jobs that are not seen had the threads.

import type Fs from "node:fs";
import { performance } from "node:perf_hooks";
import { builtin } from "../../../builtins.ts";
import type { ProbeContext } from "../../probe.ts";
import type { PoolModel } from "./poolModel.ts";

const EVERY_MILLIS = 250;
/** The loop must have been idle for so much of the job's time: a busy one hears late that it is done. */
const LEAST_IDLE = 0.5;

// Our own, before anyone patches or replaces them.
const { access } = builtin<typeof Fs>("fs");
const { setInterval, clearInterval } = globalThis;
const eventLoopUtilization = performance.eventLoopUtilization.bind(performance);
const now = performance.now.bind(performance);

export class PoolCheck {
  private readonly timer: NodeJS.Timeout;
  private under = false;
  /** What they waited holds their own way there and back, some 0.05 ms. */
  private sums = [0, 0, 0] as [checks: number, waitedMicros: number, modelledMicros: number];
  private jobsBefore = 0;

  constructor(
    private readonly model: PoolModel,
    private readonly context: ProbeContext,
  ) {
    this.timer = setInterval(() => this.tick(), EVERY_MILLIS);
    this.timer.unref();
  }

  take(): [checks: number, waitedMicros: number, modelledMicros: number] {
    const { sums } = this;
    this.sums = [0, 0, 0];
    return sums;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const { model, context } = this;
    if (this.under || model.jobs === this.jobsBefore) return;
    context.meter.quiet++;
    try {
      this.under = true;
      const before = eventLoopUtilization();
      const job = model.submit(now(), false, 0, 0, "", true);
      access("/", () => {
        context.faults.guard("locks.thread-pool", undefined, () => {
          this.under = false;
          const at = now();
          model.done(job, at);
          this.jobsBefore = model.jobs;
          const took = at - job.submitted;
          const modelled = job.started - job.submitted;
          const { idle, active } = eventLoopUtilization(before);
          if (idle < LEAST_IDLE * (idle + active)) return;
          this.sums[0]++;
          this.sums[1] += took * 1000;
          this.sums[2] += modelled * 1000;
        });
      });
    } catch {
      this.under = false;
    } finally {
      context.meter.quiet--;
    }
  }
}
