// Leaf: two recordings held against each other, per request; what `darcy compare --format json` prints and the panel
// shows. A contract as the report's: change it only by adding. Unavailable is null, never 0.

import type { Category } from "./categories.ts";
import type { Finding, Hotspot, Report } from "./report.ts";

export const COMPARISON_SCHEMA = "darcy-comparison/1";

/** `unclear`: no more than chance may do, or unknown. */
export type Verdict = "more" | "less" | "unclear";

export interface Change {
  readonly before: number | null;
  readonly after: number | null;
  /** After minus before. */
  readonly difference: number | null;
  /** Difference / before: 0.1 is shown as +10 %. Null where there was nothing before. */
  readonly ratio: number | null;
  /** Half the 95 % interval of the difference. Null: not known. */
  readonly error: number | null;
  readonly verdict: Verdict;
}

export interface CategoryChange {
  /** The amount a request, in the category's unit. */
  readonly perRequest: Change;
  /** Processor time, for locks waiting time; µs a request, both at the same prices. */
  readonly impactMicros: Change;
  /** Copies, hand-offs, allocations or waits a request. */
  readonly events: Change;
}

export interface HotspotChange {
  /** Null: it was not seen in that recording. */
  readonly before: Hotspot | null;
  readonly after: Hotspot | null;
  readonly category: Category;
  readonly perRequest: Change;
  readonly impactMicros: Change;
  /** Of the amount a request, which no price moves. */
  readonly verdict: Verdict;
}

/** What was recorded, on either side. */
export interface ComparedSession
  extends Pick<
    Report,
    "command" | "startedAt" | "node" | "platform" | "arch" | "availableCores" | "topology" | "durationMs"
  > {
  readonly workers: number;
  readonly requests: number;
  readonly perSecond: number;
}

export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly before: ComparedSession;
  readonly after: ComparedSession;
  /** Requests a second differ by more than 5 %: said before any figure. */
  readonly loadDiffers: boolean;
  /** What else is not the same on both sides, in words; said before any figure. */
  readonly differences: readonly string[];
  /** Whose calibration prices both sides. */
  readonly pricedBy: "after" | "before" | null;
  readonly requests: {
    readonly perSecond: Change;
    readonly meanMicros: Change;
    readonly p50Micros: Change;
    readonly p99Micros: Change;
  };
  readonly processorMicros: Change;
  readonly totals: Readonly<Record<Category, CategoryChange>>;
  /** More first, then less, then no clear change; within these by what the change costs or saves. */
  readonly hotspots: readonly HotspotChange[];
  /** What the two together say, as of D7 and L2. */
  readonly findings: readonly Finding[];
}
