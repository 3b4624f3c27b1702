// Recording, analysis: what a front and the thread that has a recording open say to each other.

import type { HotspotTable } from "../../protocol/hotspotTable.ts";
import type { MeasuredTexts } from "../../protocol/measuredTexts.ts";
import type { PanelState, Range, Series } from "../../protocol/panel.ts";
import type { Finding, Report } from "../../protocol/report.ts";
import type { DetailsView, SiteDetails, SiteRef } from "../../protocol/siteDetails.ts";

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
/** In which what is answered is said; left out: English. */
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

/** What can be asked, and what the answer is. */
export interface Questions {
  readonly open: {
    readonly ask: { readonly file: string; readonly language?: Language };
    readonly answer: OpenedRecording;
  };
  /** Of a span; null: of all. */
  readonly figures: { readonly ask: { readonly range: Range | null }; readonly answer: ShownFigures };
  readonly details: {
    readonly ask: { readonly range: Range | null; readonly site: SiteRef; readonly view: DetailsView };
    /** Null where the site is not among the span's. */
    readonly answer: SiteDetails | null;
  };
  /** Of a recording's bytes: what is to stand before them. */
  readonly front: { readonly ask: { readonly packed: Uint8Array }; readonly answer: Uint8Array };
}
export type QuestionName = keyof Questions;

export type Question = {
  [K in QuestionName]: { readonly id: number; readonly name: K; readonly ask: Questions[K]["ask"] };
}[QuestionName];
export type Answer =
  | { readonly id: number; readonly value: Questions[QuestionName]["answer"] }
  /** `remedy`: of what is safe to show; null: it is a fault of ours. */
  | { readonly id: number; readonly error: string; readonly remedy: string | null };
