// Panel, second stop of the data: everything that is shown, and the one reducer that changes it.

import { GROUPINGS, type Grouping } from "../src/model/groups.ts";
import { CATEGORIES, type Category } from "../src/protocol/categories.ts";
import type { PanelState, Range } from "../src/protocol/panel.ts";
import { DETAILS_VIEWS, type DetailsView, siteName } from "../src/protocol/siteDetails.ts";

/** What is kept of them: that of other recordings' files would grow for ever. */
const MOST_EXPANDED = 200;

export type Segment = "all" | "processor" | "waiting";

/** What the reader chose; kept by VS Code while the panel is hidden. */
export interface Ui {
  readonly segment: Segment;
  readonly category: Category | null;
  /** A route's name (`routeName`). */
  readonly route: string | null;
  /** A worker's name (`workerName`). */
  readonly worker: string | null;
  readonly text: string;
  /** Key of the open hotspot. */
  readonly open: string | null;
  /** Of the open row. */
  readonly tab: DetailsView;
  /** Sites that are suppressed are listed all the same. */
  readonly showSuppressed: boolean;
  readonly unfolded: boolean;
  readonly grouping: Grouping;
  /** Keys of groups whose members are listed. */
  readonly expanded: readonly string[];
  readonly sheet: boolean;
  readonly hiddenSeries: readonly Category[];
  /** The span that was brushed; null: the scope follows the session. */
  readonly range: Range | null;
  readonly scrollTop: number;
  readonly load: LoadForm;
}
export interface LoadForm {
  readonly method: string;
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface Model {
  /** What is shown; stays as it was while the view is paused. */
  readonly panel: PanelState | null;
  /** The newest that came. */
  readonly latest: PanelState | null;
  readonly paused: boolean;
  readonly ui: Ui;
}

export type Action =
  | { readonly type: "state"; readonly state: PanelState }
  | { readonly type: "pause"; readonly paused: boolean }
  | { readonly type: "segment"; readonly segment: Segment }
  | { readonly type: "category"; readonly category: Category }
  | { readonly type: "route"; readonly route: string | null }
  | { readonly type: "worker"; readonly worker: string | null }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "toggleRow"; readonly key: string; readonly open?: boolean }
  /** The row is opened and seen, whatever the filters say. */
  | { readonly type: "reveal"; readonly key: string; readonly suppressed: boolean }
  | { readonly type: "tab"; readonly tab: DetailsView }
  | { readonly type: "toggleSuppressed" }
  | { readonly type: "toggleFold"; readonly unfolded?: boolean }
  | { readonly type: "grouping"; readonly grouping: Grouping }
  | { readonly type: "toggleGroup"; readonly key: string; readonly expanded?: boolean }
  | { readonly type: "toggleSheet" }
  | { readonly type: "toggleSeries"; readonly category: Category }
  | { readonly type: "clearFilters" }
  /** `known`: the host has it. */
  | { readonly type: "range"; readonly range: Range | null; readonly known?: boolean }
  | { readonly type: "scroll"; readonly top: number }
  | { readonly type: "load"; readonly load: Partial<LoadForm> };

const FRESH_UI: Ui = {
  segment: "all",
  category: null,
  route: null,
  worker: null,
  text: "",
  open: null,
  tab: "callers",
  showSuppressed: false,
  unfolded: false,
  grouping: "site",
  expanded: [],
  sheet: false,
  hiddenSeries: [],
  range: null,
  scrollTop: 0,
  load: { method: "GET", path: "/", connections: 20, seconds: 30 },
};

const NO_FILTERS = { text: "", category: null, route: null, worker: null, segment: "all" } as const;

export function firstModel(kept: unknown): Model {
  return { panel: null, latest: null, paused: false, ui: restoreUi(kept) };
}

/** Nothing has changed but the clock and what is newer than the report: several times a second. */
export function onlyNewer(before: Model, after: Model): boolean {
  const { panel: from, ...modelFrom } = before;
  const { panel: to, ...modelTo } = after;
  if (from === null || to === null || from === to) return false;
  const same = (a: object, b: object, but: readonly string[]) =>
    Object.keys({ ...a, ...b }).every(
      (name) =>
        but.includes(name) || (a as Record<string, unknown>)[name] === (b as Record<string, unknown>)[name],
    );
  return same(modelFrom, modelTo, ["latest"]) && same(from, to, ["newest", "elapsedMs"]);
}

/** Nothing but the measurement has gone on: it is no answer to what the reader did, and the session is no other. */
export function comesByItself({ panel: before }: Model, { panel: now }: Model): boolean {
  return (
    before !== null &&
    now !== null &&
    now.phase === before.phase &&
    now.title === before.title &&
    now.error === before.error &&
    now.loadRunning === before.loadRunning &&
    now.scopeSeconds === before.scopeSeconds &&
    sameRange(now.range, before.range) &&
    sameAnswers(now, before)
  );
}

function sameRange(a: Range | null, b: Range | null): boolean {
  return a?.fromMs === b?.fromMs && a?.toMs === b?.toMs;
}

/** The same row's details, whatever their figures, and the same sites suppressed. */
function sameAnswers(a: PanelState, b: PanelState): boolean {
  const name = ({ details = null, suppressed = [] }: PanelState) =>
    [details === null ? "" : `${details.view} ${siteName(details.site)}`, ...suppressed].join("\n");
  return name(a) === name(b);
}

export function reduce(model: Model, action: Action): Model {
  const { ui } = model;
  const withUi = (change: Partial<Ui>): Model => ({ ...model, ui: { ...ui, ...change } });
  switch (action.type) {
    case "state":
      return takeState(model, action.state);
    case "pause":
      return { ...model, paused: action.paused, panel: action.paused ? model.panel : model.latest };
    case "segment":
      return withUi({ segment: action.segment, category: agreeing(ui.category, action.segment) });
    case "category": {
      const category = ui.category === action.category ? null : action.category;
      return withUi({ category, segment: category === null || ui.segment === "all" ? ui.segment : "all" });
    }
    case "route":
      return withUi({ route: action.route });
    case "worker":
      return withUi({ worker: action.worker });
    case "text":
      return withUi({ text: action.text });
    case "toggleRow": {
      const open = action.open ?? ui.open !== action.key;
      if (!open && ui.open !== action.key) return model;
      return withUi({ open: open ? action.key : null });
    }
    case "reveal":
      return withUi({
        ...NO_FILTERS,
        grouping: "site",
        open: action.key,
        unfolded: true,
        showSuppressed: ui.showSuppressed || action.suppressed,
      });
    case "tab":
      return withUi({ tab: action.tab });
    case "toggleSuppressed":
      return withUi({ showSuppressed: !ui.showSuppressed });
    case "toggleFold":
      return withUi({ unfolded: action.unfolded ?? !ui.unfolded });
    case "grouping":
      return withUi({ grouping: action.grouping, unfolded: false });
    case "toggleGroup": {
      const is = ui.expanded.includes(action.key);
      const expanded = action.expanded ?? !is;
      if (expanded === is) return model;
      const others = ui.expanded.filter((key) => key !== action.key);
      return withUi({ expanded: expanded ? [...others, action.key].slice(-MOST_EXPANDED) : others });
    }
    case "toggleSheet":
      return withUi({ sheet: !ui.sheet });
    case "toggleSeries":
      return withUi({
        hiddenSeries: ui.hiddenSeries.includes(action.category)
          ? ui.hiddenSeries.filter((category) => category !== action.category)
          : [...ui.hiddenSeries, action.category],
      });
    case "clearFilters":
      return withUi(NO_FILTERS);
    case "range":
      // Figures of another span than the one on hold are what the reader asks for.
      return { ...withUi({ range: action.range }), paused: false };
    case "scroll":
      return withUi({ scrollTop: action.top });
    case "load":
      return withUi({ load: { ...ui.load, ...action.load } });
  }
}

/** A paused view holds still until it is resumed, or until the recording itself changes its phase. */
function takeState(before: Model, state: PanelState): Model {
  // Another recording has begun: the span was the last one's.
  const over = state.range === null && (before.latest?.range ?? null) !== null;
  const model = over ? { ...before, ui: { ...before.ui, range: null } } : before;
  const holds = model.paused && model.panel !== null && model.panel.phase === state.phase;
  if (holds && model.panel !== null) return { ...model, latest: state, panel: answered(model.panel, state) };
  return { ...model, latest: state, panel: state, paused: false };
}

/** What the reader asked for meanwhile: an open row's details, once, and what is suppressed. */
function answered(held: PanelState, newest: PanelState): PanelState {
  if (sameAnswers(held, newest)) return held;
  const { details = null, suppressed = [] } = newest;
  const same = sameAnswers({ ...held, suppressed: [] }, { ...newest, suppressed: [] });
  return { ...held, details: same ? (held.details ?? null) : details, suppressed };
}

function agreeing(category: Category | null, segment: Segment): Category | null {
  if (category === null || segment === "all") return category;
  return (category === "locks") === (segment === "waiting") ? category : null;
}

/** What was kept may come from an older version, so every field is checked by itself. */
function restoreUi(kept: unknown): Ui {
  if (typeof kept !== "object" || kept === null) return FRESH_UI;
  const from = kept as Partial<Record<keyof Ui, unknown>>;
  const load = (typeof from.load === "object" && from.load !== null ? from.load : {}) as Partial<
    Record<keyof LoadForm, unknown>
  >;
  const isCategory = (value: unknown): value is Category => CATEGORIES.some((category) => category === value);
  return {
    segment: from.segment === "processor" || from.segment === "waiting" ? from.segment : "all",
    category: isCategory(from.category) ? from.category : null,
    route: typeof from.route === "string" ? from.route : null,
    worker: typeof from.worker === "string" ? from.worker : null,
    text: text(from.text, FRESH_UI.text),
    open: typeof from.open === "string" ? from.open : null,
    tab: DETAILS_VIEWS.find((view) => view === from.tab) ?? "callers",
    showSuppressed: from.showSuppressed === true,
    unfolded: from.unfolded === true,
    grouping: GROUPINGS.find((grouping) => grouping === from.grouping) ?? "site",
    expanded: Array.isArray(from.expanded)
      ? from.expanded.filter((key): key is string => typeof key === "string").slice(-MOST_EXPANDED)
      : [],
    sheet: from.sheet === true,
    hiddenSeries: Array.isArray(from.hiddenSeries) ? from.hiddenSeries.filter(isCategory) : [],
    range: range(from.range),
    scrollTop: count(from.scrollTop, 0),
    load: {
      method: text(load.method, FRESH_UI.load.method),
      path: text(load.path, FRESH_UI.load.path),
      connections: count(load.connections, FRESH_UI.load.connections),
      seconds: count(load.seconds, FRESH_UI.load.seconds),
    },
  };
}
function range(value: unknown): Range | null {
  if (typeof value !== "object" || value === null) return null;
  const { fromMs, toMs } = value as Partial<Record<keyof Range, unknown>>;
  const [from, to] = [count(fromMs, -1), count(toMs, -1)];
  return from >= 0 && to > from ? { fromMs: from, toMs: to } : null;
}
function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
function count(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : otherwise;
}
