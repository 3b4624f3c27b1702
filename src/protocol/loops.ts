// Leaf: what the report says of event loops: what wakes them, and what puts work off within them.

import type { Confidence, Location } from "./report.ts";

/** Why a thread's loop went on after it had slept, by counts; docs/figures.md says how, and what it does not know. */
export interface WakesReport {
  /** The kernel's voluntary switches of the thread: `causes` add up to it. */
  readonly count: number;
  readonly perSecond: number;
  /** Turns of the loop, the events that it got, and of these the ones that it did not have to sleep for. */
  readonly turns: number;
  readonly events: number;
  readonly eventsWaiting: number;
  /** Most first; none of 0. */
  readonly causes: readonly {
    readonly cause: WakeCause;
    /** Estimate. */
    readonly wakes: number;
    /** How often it happened, whether the loop slept or not; null where it is not counted by itself. */
    readonly happened: number | null;
  }[];
  /** 0 to 1: without `other event` and `unknown`. Null without any wake. */
  readonly explained: number | null;
}
/**
 * `other event`: of sockets and pipes that bring no request, signals, V8's own tasks (steps of a collection), not told apart. `within a turn`: it slept in the
 * midst of work (a hand-off's lock, a blocking call, a collection). `Darcy`: its own timers and checks.
 */
export const WAKE_CAUSES = [
  "request",
  "connection",
  "pool job",
  "message",
  "process",
  "timer",
  "within a turn",
  "Darcy",
  "other event",
  "unknown",
] as const;
export type WakeCause = (typeof WAKE_CAUSES)[number];

/** Calls of `setImmediate`: no hand-offs and in no total, but each puts work off to the loop's next phase. */
export interface HopsReport {
  readonly count: number;
  readonly perRequest: number | null;
  /**
   * 0 to 1, at least so many of them: the loop's turn brought no event, so that nothing else could have been worked on
   * meanwhile. Null where that is not known.
   */
  readonly alone: number | null;
  /** Most first. */
  readonly sites: readonly HopSite[];
}
export interface HopSite extends Location {
  readonly callee: string;
  readonly count: number;
  readonly perRequest: number | null;
  /** Processor time at the calibrated price. */
  readonly impactMicrosPerRequest: number | null;
  readonly samples: number;
  readonly relativeError: number | null;
  readonly confidence: Confidence;
}
