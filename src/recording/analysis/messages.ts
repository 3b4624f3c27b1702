// Recording, analysis: what a front and the thread that has a recording open say to each other.

import type { Category } from "../../protocol/categories.ts";
import type { CompareState } from "../../protocol/comparePanel.ts";
import type { HotspotTable } from "../../protocol/hotspotTable.ts";
import type { MeasuredTexts } from "../../protocol/measuredTexts.ts";
import type { PanelState, Range, Series } from "../../protocol/panel.ts";
import type { Finding, Report } from "../../protocol/report.ts";
import type { DetailsView, SiteDetails, SiteRef } from "../../protocol/siteDetails.ts";
import type { ExportFormat } from "../../report/exports/formats.ts";

/** What a panel shows of a span of a recording. */
export interface ShownFigures {
  readonly report: Report;
  /** The hotspots after the report's; null: there are none. */
  readonly others: HotspotTable | null;
  readonly series: Series;
  readonly scope: PanelState["scope"];
  /** Null: of a file that an earlier version wrote. */
  readonly texts: MeasuredTexts | null;
  /** The report's findings for others to read; left out where it has them in English. */
  readonly englishFindings?: readonly Finding[];
}
/** In which what is answered is said. */
export interface Language {
  readonly words: Readonly<Record<string, string>>;
  /** Of numbers. */
  readonly locale: string;
}
export interface OpenedRecording {
  /** Milliseconds. */
  readonly elapsedMs: number;
  /** Where the server ran. */
  readonly cwd: string;
}
/** A saved recording, or one that is packed as its file would be. */
export type Stored = { readonly file: string } | { readonly packed: Uint8Array };
/** Files, the older recording's and the newer one's. */
export interface Two {
  readonly before: string;
  readonly after: string;
}
export type OtherFormat = ExportFormat | "html" | "markdown";

/** What can be asked, and what the answer is. */
export interface Questions {
  readonly open: { readonly ask: { readonly file: string }; readonly answer: OpenedRecording };
  /** Of a span; null: of all. */
  readonly figures: { readonly ask: { readonly range: Range | null }; readonly answer: ShownFigures };
  readonly details: {
    readonly ask: { readonly range: Range | null; readonly site: SiteRef; readonly view: DetailsView };
    /** Null where the site is not among the span's. */
    readonly answer: SiteDetails | null;
  };
  /** Of a recording's bytes: what is to stand before them. */
  readonly front: { readonly ask: { readonly packed: Uint8Array }; readonly answer: Uint8Array };
  /** Of the whole session, as a front has it, in English. */
  readonly report: {
    readonly ask: { readonly file: string };
    readonly answer: { readonly report: Report; readonly cwd: string };
  };
  readonly exported: {
    readonly ask: {
      readonly recording: Stored;
      readonly format: OtherFormat;
      /** Of the recording's file. */
      readonly name: string;
      /** Has the page's own parts. */
      readonly distFolder: string;
    };
    readonly answer: Uint8Array;
  };
  readonly compared: {
    readonly ask: Two;
    /** `cwds`: where the servers ran, the newer one's first. */
    readonly answer: Pick<CompareState, "comparison" | "series" | "omitted"> & {
      readonly cwds: readonly string[];
    };
  };
  readonly comparedPage: {
    readonly ask: Two & { readonly distFolder: string };
    readonly answer: Uint8Array;
  };
  /** In English: for a review, whole, or for a language model, bounded. */
  readonly comparedText: {
    readonly ask: Two & { readonly reader: "review" | "model" };
    readonly answer: string;
  };
  /** For a language model, in English. */
  readonly hotspots: {
    readonly ask: { readonly file: string; readonly top: number; readonly category: Category | null };
    readonly answer: string;
  };
  /** The same of one, by its place in that list; null where there are fewer. */
  readonly hotspot: {
    readonly ask: { readonly file: string; readonly rank: number };
    readonly answer: string | null;
  };
}
export type QuestionName = keyof Questions;

export type Question = {
  [K in QuestionName]: { readonly id: number; readonly name: K; readonly ask: Questions[K]["ask"] };
}[QuestionName];
export type Answer =
  | { readonly id: number; readonly value: Questions[QuestionName]["answer"] }
  /** `remedy`: of what is safe to show; null: it is a fault of ours. */
  | { readonly id: number; readonly error: string; readonly remedy: string | null };
