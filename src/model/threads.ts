// Model: what the kernel counted of all threads, by class, and how many of them wanted to run at a time.

import type { ThreadReport } from "../protocol/report.ts";
import { THREAD_CLASSES, type ThreadClass } from "../protocol/window.ts";
import type { Scope } from "./scope.ts";
import type { Sums } from "./sums.ts";

type Totals = { -readonly [K in keyof ThreadReport]: ThreadReport[K] };

/** Classes in their usual order; those without a thread are left out. */
export function threadsOf({ windows }: Pick<Scope, "windows">): ThreadReport[] {
  const totals = new Map<ThreadClass, Totals>();
  /** The most that one process had of a class. */
  const most = new Map<string, number>();
  for (const { worker, process } of windows) {
    for (const [name, threads, voluntary, involuntary, runQueueMicros] of process?.threads ?? []) {
      const total = totals.get(name) ?? {
        class: name,
        threads: 0,
        voluntary: 0,
        involuntary: 0,
        runQueueMs: 0,
      };
      totals.set(name, total);
      const key = `${worker} ${name}`;
      const before = most.get(key) ?? 0;
      most.set(key, Math.max(before, threads));
      total.threads += Math.max(0, threads - before);
      total.voluntary += voluntary;
      total.involuntary += involuntary;
      total.runQueueMs += runQueueMicros / 1000;
    }
  }
  return THREAD_CLASSES.flatMap((name) => totals.get(name) ?? []);
}

/** Processor time and run-queue delay of all threads, over the time that passed. */
export function runnableThreads(
  sums: Pick<Sums, "switches" | "cpuMicros">,
  durationMicros: number,
): number | null {
  const { switches, cpuMicros } = sums;
  if (switches === null || cpuMicros === null || durationMicros <= 0) return null;
  const delay = THREAD_CLASSES.reduce((sum, name) => sum + switches[name].runQueueMicros, 0);
  return (cpuMicros + delay) / durationMicros;
}
