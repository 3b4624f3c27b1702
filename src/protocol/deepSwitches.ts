// Leaf: context switches by function, as perf recorded them; part of the report.

import type { ThreadClass } from "./window.ts";

/** Context switches that perf recorded in whole windows of the measured processes. */
export interface DeepSwitches {
  readonly switches: number;
  /** Of these windows, of the process that has most. */
  readonly durationMs: number;
  /** That finished in these windows, and the switches that the kernel counted in them. Left out by earlier versions. */
  readonly requests?: number;
  readonly kernel?: number | null;
  /** Most first. */
  readonly sites: readonly DeepSite[];
}
export interface DeepSwitchesReport extends DeepSwitches {
  /** Of those that the kernel counted, 1 when all were seen; null where it does not count. */
  readonly ofKernel: number | null;
}
export const SWITCH_CAUSES = ["events", "lock or message", "system call", "preempted"] as const;
export interface DeepSite {
  readonly class: ThreadClass;
  /** What the thread sleeps for; `preempted`: it was pushed off its processor. */
  readonly cause: (typeof SWITCH_CAUSES)[number];
  /** The innermost function of the user's, as V8 ran it, and where it begins; "" and 0 without one. */
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly count: number;
}
