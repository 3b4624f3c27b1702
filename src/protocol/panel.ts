// Leaf: what the extension host and the panel (a webview) say to each other.

import type { Category } from "./categories.ts";
import type { Delta } from "./delta.ts";
import type { HotspotTable } from "./hotspotTable.ts";
import type { Finding, Location, Report } from "./report.ts";
import type { RequestsReport } from "./requests.ts";
import type { DetailsView, SiteDetails, SiteRef } from "./siteDetails.ts";

export const PANEL_VERSION = 2;

export type PanelPhase =
  | "idle"
  | "calibrating"
  | "starting"
  | "waiting"
  | "recording"
  | "stopping"
  | "stopped"
  | "readOnly"
  | "error";

/** Whether a load that Darcy drives could ask it. Of a server that speaks no HTTP the host and port alone are known. */
export function takesLoad(url: string | null): boolean {
  return /^https?:/.test(url ?? "");
}

/** Everything the panel shows: posted whole once it is seen, then what becomes other, up to 4 times a second. */
export interface PanelState {
  readonly phase: PanelPhase;
  /** The server's short name, or the saved profile's file name. */
  readonly title: string;
  /** Address to send requests to, null before the server listens. */
  readonly url: string | null;
  /** Since the start, milliseconds. */
  readonly elapsedMs: number;
  /** What every figure but the clock covers. */
  readonly scope: { readonly fromMs: number; readonly toMs: number; readonly label: string };
  /** Seconds of the live scope; 0 is the whole session. */
  readonly scopeSeconds: number;
  /** A fixed span that the reader chose instead; null: `scopeSeconds` holds. */
  readonly range: Range | null;
  /** Of a read-only one: nobody has saved it yet, so it can be. */
  readonly unsaved?: boolean;
  /** Nobody computes figures anew: no other scope can be chosen. */
  readonly fixed?: boolean;
  readonly report: Report | null;
  /** What is newer than the report; left out where nothing is. */
  readonly newest?: Newest;
  /** The hotspots after the report's; null or left out: there are none. */
  readonly others?: HotspotTable | null;
  /** There are such hotspots, and they are still read. */
  readonly othersFollow?: boolean;
  /** The report's findings for others to read; left out where it has them in English. */
  readonly englishFindings?: readonly Finding[];
  readonly series: Series;
  /** Of the open row; left out or null until they are computed, and where nobody computes them. */
  readonly details?: SiteDetails | null;
  /** Names (`siteName`) of sites that the reader does not want to see. */
  readonly suppressed?: readonly string[];
  readonly loadRunning: boolean;
  /** Of the load that runs, in its last second; left out before its first one has passed. */
  readonly loadAnswers?: number;
  readonly error: {
    readonly message: string;
    readonly remedy: string;
    readonly action: PanelAction | null;
    /** What ran, a line a process, indented as they started each other. */
    readonly processes?: readonly string[];
  } | null;
  /** While no request comes, or no server joins: what is known of why; of a read-only one, where it comes from. Whole sentences. */
  readonly hint?: string;
  /** Something else starts and ends the server: it joins the recording. */
  readonly external?: boolean;
}

/** Of the scope and of what has come since. */
export interface Newest {
  readonly requests: Pick<RequestsReport, "total" | "perSecond" | "p50Micros" | "p99Micros">;
  /** Requests a second, by place in the report's workers. */
  readonly workersPerSecond: readonly number[];
}

/** Milliseconds since the start. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Columns of equal length, one entry a step; null where nothing was measured. Impact in µs a request. */
export interface Series {
  readonly stepMs: number;
  /** Milliseconds since the start, of the step's begin. */
  readonly atMs: readonly number[];
  readonly requestsPerSecond: readonly (number | null)[];
  readonly impact: Readonly<Record<Category, readonly (number | null)[]>>;
  readonly marks: readonly SeriesMark[];
}
export interface SeriesMark {
  readonly atMs: number;
  readonly kind: "warmup" | "restart" | "warning" | "majorGc";
  readonly label: string;
}

export type PanelAction =
  | "profile"
  | "showLog"
  | "showTerminal"
  | "stop"
  | "driveLoad"
  | "copyEnvironment"
  | "recordSingle";

export type ToPanel =
  | {
      readonly type: "state";
      readonly version: number;
      /** Of this message: one more with each, also of deltas. */
      readonly sequence: number;
      readonly state: PanelState;
    }
  /** Of the state that the message before made. */
  | {
      readonly type: "delta";
      readonly version: number;
      readonly sequence: number;
      readonly delta: Delta;
    }
  /** The view was paused before its page went: it holds the state before this message again. */
  | { readonly type: "hold" }
  /** Open this hotspot's row. Comes after a state. */
  | { readonly type: "reveal"; readonly site: SiteRef };

export type FromPanel =
  /** The panel has loaded and wants the state. */
  | { readonly type: "ready"; readonly version: number }
  /** A message is missing: the panel wants the whole state. */
  | { readonly type: "snapshot" }
  | {
      readonly type: "open";
      readonly location: Pick<Location, "file" | "line" | "column">;
      readonly toSide: boolean;
    }
  | {
      readonly type: "action";
      readonly action: PanelAction | "stopLoad" | "save" | "compare" | "export" | "showAnnotations";
    }
  | {
      readonly type: "load";
      readonly method: string;
      readonly path: string;
      readonly connections: number;
      readonly seconds: number;
    }
  | { readonly type: "scope"; readonly seconds: number }
  /** Figures of this span; null: of the scope that was chosen before. */
  | { readonly type: "range"; readonly range: Range | null }
  /** The row that is open, and the view of it; null: none. */
  | {
      readonly type: "details";
      readonly wanted: { readonly site: SiteRef; readonly view: DetailsView } | null;
    }
  | { readonly type: "suppress"; readonly site: SiteRef; readonly suppressed: boolean }
  | { readonly type: "pauseView"; readonly paused: boolean }
  | { readonly type: "copy"; readonly text: string };
