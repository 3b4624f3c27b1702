// Leaf: what stands in a page of figures, each in an element of its own, and where.

import type { PanelState, Series } from "./panel.ts";
import type { Report } from "./report.ts";

/** Elements by what is in them: gzipped, in base 64, but for the worker's script. */
export const PAGE_DATA = {
  /** JSON: a comparison's state, or a `PageShown`. */
  shown: "darcy-shown",
  /** JSON: the profile. */
  recording: "darcy-recording",
  /** The text of the script that computes what is asked for beyond what is shown. */
  worker: "darcy-worker",
} as const;

/** Of the whole session. */
export interface PageShown {
  readonly report: Report;
  readonly series: Series;
  readonly scope: PanelState["scope"];
  /** Of the recording, milliseconds. */
  readonly elapsedMs: number;
  /** There are hotspots beyond the report's: they follow from the recording. */
  readonly more: boolean;
}
