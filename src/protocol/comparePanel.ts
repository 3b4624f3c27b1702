// Leaf: what the extension host and the comparison's view (a webview) say to each other.

import type { Comparison } from "./comparison.ts";
import type { FromPanel, Series } from "./panel.ts";

export const COMPARE_VERSION = 1;

/** A recording on disk. */
export interface ComparedFile {
  readonly path: string;
  /** Its file's name, without the ending; with the folder where two are called the same. */
  readonly name: string;
}

/** The two on one clock, each from the start of its measured time, at the same prices and steps. */
export interface ComparedSeries {
  readonly before: Series;
  readonly after: Series;
}

export interface CompareState {
  /** `choosing`: which two is not known; a side whose path is empty is still to be chosen. */
  readonly phase: "reading" | "ready" | "error" | "choosing";
  readonly before: ComparedFile;
  readonly after: ComparedFile;
  /** What may stand on either side. */
  readonly choices: readonly ComparedFile[];
  /** Nobody answers: nothing else can be chosen, no document be made. */
  readonly fixed: boolean;
  readonly comparison: Comparison | null;
  readonly series: ComparedSeries | null;
  /** Rows beyond those that are sent: the least of their groups. */
  readonly omitted: number;
  readonly error: { readonly message: string; readonly remedy: string } | null;
}

export type ToCompareView = {
  readonly type: "comparison";
  readonly version: number;
  readonly state: CompareState;
};

export type FromCompareView =
  | Extract<FromPanel, { type: "ready" | "open" | "copy" }>
  /** Paths of `choices`. */
  | { readonly type: "choose"; readonly before: string; readonly after: string }
  /** The same as a Markdown document. */
  | { readonly type: "markdown" }
  /** The same as a page for any browser. */
  | { readonly type: "export" };
