// Editor: what is shown beside the code: the figures, what of them is measured in a document, and what an editor says of it.

import type * as vscode from "vscode";
import type { Category } from "../../protocol/categories.ts";
import type { HotspotTable } from "../../protocol/hotspotTable.ts";
import type { MeasuredTexts } from "../../protocol/measuredTexts.ts";
import type { Hotspot, Report } from "../../protocol/report.ts";
import type { LineMark } from "./lineMarks.ts";
import type { TrackedLine } from "./lineTracker.ts";

/** A report to show beside the code, and what its figures cover. */
export interface Shown {
  readonly report: Report;
  /** The hotspots after the report's; null: there are none. */
  readonly others: HotspotTable | null;
  /** Null: an earlier version's recording does not tell. */
  readonly texts: MeasuredTexts | null;
  readonly scopeLabel: string;
  /** Where the server ran. */
  readonly cwd: string;
  /** The saved recording that it is of; null: the one that runs or ran last. */
  readonly saved: vscode.Uri | null;
}

/** Its report is without what is suppressed. */
export interface Annotated extends Shown {
  /** Names (`siteName`) of what is left out. */
  readonly suppressed: ReadonlySet<string>;
}

/** What is measured of a document, and where its lines stand now. */
export interface MeasuredDocument {
  readonly annotated: Annotated;
  /** Those of its lines that are marked; may be none. */
  readonly marks: readonly LineMark[];
  /** All that was measured in it, never empty. */
  readonly hotspots: readonly Hotspot[];
  /** Not all of the measured text is known: lines may have changed that nobody knows of. */
  readonly changedBefore: boolean;
  /** Of the text that was measured. */
  readonly textName: string;
  /** @param measured from 1 */
  now(measured: number): TrackedLine | null;
}

/** One mark as an editor shows it now. */
export interface ShownMark {
  /** From 0. */
  readonly line: number;
  readonly text: string;
  readonly hover: string;
  readonly category: Category;
  readonly faded: boolean;
}
