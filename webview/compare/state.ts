// Comparison: everything that its view shows, and the one reducer that changes it.

import { isWaiting } from "../../src/model/format.ts";
import { shownChanges } from "../../src/model/formatComparison.ts";
import type { Category } from "../../src/protocol/categories.ts";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import type { CompareState } from "../../src/protocol/comparePanel.ts";
import type { HotspotChange, Verdict } from "../../src/protocol/comparison.ts";
import type { Segment } from "../state.ts";

/** What the reader chose; kept by VS Code while the view is hidden, with the two recordings' paths. */
export interface CompareUi {
  readonly segment: Segment;
  readonly category: Category | null;
  readonly text: string;
  /** Key of the open row. */
  readonly open: string | null;
  /** Groups whose rows are folded away. */
  readonly closed: readonly Verdict[];
  /** Groups that show the rows of little weight, too. */
  readonly whole: readonly Verdict[];
  readonly scrollTop: number;
}

export interface CompareModel {
  readonly state: CompareState | null;
  readonly ui: CompareUi;
}

export type CompareAction =
  | { readonly type: "state"; readonly state: CompareState }
  | { readonly type: "segment"; readonly segment: Segment }
  | { readonly type: "category"; readonly category: Category }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "toggleRow"; readonly key: string; readonly open?: boolean }
  | { readonly type: "toggleGroup"; readonly verdict: Verdict; readonly open?: boolean }
  | { readonly type: "toggleRest"; readonly verdict: Verdict; readonly open?: boolean }
  | { readonly type: "clearFilters" }
  | { readonly type: "scroll"; readonly top: number };

export interface ComparePart {
  readonly root: HTMLElement;
  show(model: CompareModel): void;
}
export type CompareDispatch = (action: CompareAction) => void;

const VERDICTS: readonly Verdict[] = ["more", "less", "unclear"];

export function firstCompareModel(kept: unknown): CompareModel {
  return { state: null, ui: restored(kept) };
}

export function reduceCompare(model: CompareModel, action: CompareAction): CompareModel {
  const { ui } = model;
  const withUi = (change: Partial<CompareUi>): CompareModel => ({ ...model, ui: { ...ui, ...change } });
  switch (action.type) {
    case "state":
      return { ...model, state: action.state };
    case "segment":
      return withUi({ segment: action.segment, category: null });
    case "category":
      return withUi({ category: ui.category === action.category ? null : action.category, segment: "all" });
    case "text":
      return withUi({ text: action.text });
    case "toggleRow": {
      const open = action.open ?? ui.open !== action.key;
      if (!open && ui.open !== action.key) return model;
      return withUi({ open: open ? action.key : null });
    }
    case "toggleGroup":
      return withUi({
        closed: toggled(ui.closed, action.verdict, action.open === undefined ? null : !action.open),
      });
    case "toggleRest":
      return withUi({ whole: toggled(ui.whole, action.verdict, action.open ?? null) });
    case "clearFilters":
      return withUi({ text: "", category: null, segment: "all" });
    case "scroll":
      return withUi({ scrollTop: action.top });
  }
}

function toggled(list: readonly Verdict[], verdict: Verdict, wanted: boolean | null): readonly Verdict[] {
  const is = list.includes(verdict);
  if (wanted === is) return list;
  return is ? list.filter((each) => each !== verdict) : [...list, verdict];
}

/** A site's name on either side; equal ones of a comparison are told apart by their place in it. */
export function changeKey({ before, after, category, verdict }: HotspotChange, at: number): string {
  const spot = after ?? before;
  return [verdict, category, spot?.kind, spot?.file, spot?.line, spot?.callee, at].join("|");
}

export interface Group {
  readonly verdict: Verdict;
  readonly all: readonly HotspotChange[];
  readonly shown: readonly HotspotChange[];
  readonly rest: readonly HotspotChange[];
}

/** What to list: while the reader searches, nothing is folded away. */
export function groupsOf(hotspots: readonly HotspotChange[], ui: CompareUi): Group[] {
  const seen = hotspots.filter((change) => matches(change, ui));
  return VERDICTS.map((verdict) => {
    const all = seen.filter((change) => change.verdict === verdict);
    const { shown } = shownChanges({ hotspots: all }, verdict, undefined);
    const listed = ui.text.trim() === "" ? shown : all;
    const first = new Set(listed);
    return { verdict, all, shown: listed, rest: all.filter((change) => !first.has(change)) };
  });
}

function matches(
  { before, after, category }: HotspotChange,
  { segment, category: only, text }: CompareUi,
): boolean {
  if (only !== null && category !== only) return false;
  if (segment !== "all" && isWaiting(category) !== (segment === "waiting")) return false;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return true;
  const hay = [before, after]
    .flatMap((spot) =>
      spot === null
        ? []
        : [spot.function, `${spot.file}:${spot.line}`, spot.callee, spot.kind, spot.key ?? ""],
    )
    .join("\n")
    .toLowerCase();
  return words.every((word) => hay.includes(word));
}

/** What was kept may come from an older version, so every field is checked by itself. */
function restored(kept: unknown): CompareUi {
  const from = (typeof kept === "object" && kept !== null ? kept : {}) as Partial<
    Record<keyof CompareUi, unknown>
  >;
  const verdicts = (value: unknown) =>
    Array.isArray(value) ? VERDICTS.filter((verdict) => value.includes(verdict)) : [];
  const { scrollTop } = from;
  return {
    segment: from.segment === "processor" || from.segment === "waiting" ? from.segment : "all",
    category: CATEGORIES.find((category) => category === from.category) ?? null,
    text: typeof from.text === "string" ? from.text : "",
    open: typeof from.open === "string" ? from.open : null,
    closed: verdicts(from.closed),
    whole: verdicts(from.whole),
    scrollTop: typeof scrollTop === "number" && Number.isFinite(scrollTop) && scrollTop > 0 ? scrollTop : 0,
  };
}
