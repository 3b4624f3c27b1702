// Panel, hotspots: the ranked list over all categories, as a tree grid with one row focusable at a time. Of its rows only
// those in sight are in the page.

import { t } from "../../src/model/l10n.ts";
import type { Report } from "../../src/protocol/report.ts";
import { siteName, siteRefOf } from "../../src/protocol/siteDetails.ts";
import { barBottom } from "../barBottom.ts";
import { element, setAttribute, setClass, setHidden, setText } from "../element.ts";
import { post } from "../host.ts";
import { type Dispatch, isSettling, measured, type Part } from "../part.ts";
import type { Model } from "../state.ts";
import { makeDetails } from "./details.ts";
import { DETAILS_KEY, type Entry, entriesOf, FOLD_KEY } from "./entries.ts";
import { makeFilters } from "./filters.ts";
import { makeFold } from "./foldRow.ts";
import { headerRow } from "./headerRow.ts";
import { listenToRows } from "./listKeys.ts";
import { groupMarkdownOf, markdownOf } from "./markdown.ts";
import {
  barScale,
  itemsOf,
  layOut,
  leftOut,
  matching,
  NO_RANKING,
  type Ranking,
  siteScale,
  sumsOf,
} from "./ranking.ts";
import { leftOutText } from "./routes.ts";
import { makeRow, type RowView } from "./row.ts";
import { makeRowWindow } from "./rowWindow.ts";
import { makeSites, type ShownSites } from "./sites.ts";
import { makeSuppressed } from "./suppressed.ts";

/** Rows that left the page and wait to be another's. */
const MOST_SPARE = 200;

export function makeHotspots(dispatch: Dispatch): Part {
  const filters = makeFilters(dispatch);
  const header = headerRow();
  const body = element("div", "rows", [], { role: "rowgroup" });
  const grid = element("div", "grid", [element("div", "head-group", [header], { role: "rowgroup" }), body], {
    role: "treegrid",
    "aria-label": t("Hotspots, by impact"),
  });
  const nothing = element("p", "nothing");
  const unrouted = element("p", "nothing");
  const following = element("p", "nothing", [t("More lines are being read.")]);
  const fold = makeFold();
  const suppressed = makeSuppressed(dispatch);
  const details = makeDetails(dispatch);
  const root = element(
    "section",
    "hotspots",
    [filters.root, grid, nothing, unrouted, following, suppressed.root],
    {
      "aria-label": t("Hotspots"),
    },
  );

  const sitesOf = makeSites();
  const rows = new Map<string, RowView>();
  const spare: RowView[] = [];
  const view = makeRowWindow(body, draw, drop, barBottom);
  let sites: ShownSites = { ranked: new Map(), suppressed: new Set(), all: 0, hidden: 0 };
  let ranking: Ranking = NO_RANKING;
  let filterShown = "";
  let entries: readonly Entry[] = [];
  let top = 0;
  let active: string | null = null;
  let pointerInside = false;
  let model: Model | null = null;
  let report: Report | null = null;

  /** The reader is at a row: it must stay where it is. A pointer that only rests here keeps no early order. */
  const engaged = ({ panel, ui }: Model) =>
    (document.hasFocus() && body.contains(document.activeElement)) ||
    (pointerInside && (ui.open !== null || !isSettling(panel)));
  const refresh = () => {
    if (model !== null) show(model);
  };
  body.addEventListener("pointerenter", () => {
    pointerInside = true;
  });
  body.addEventListener("pointerleave", () => {
    pointerInside = false;
    refresh();
  });
  body.addEventListener("focusout", () => queueMicrotask(refresh));
  window.addEventListener("blur", refresh);

  /** Newer figures of the same rows are none of the list's. */
  function showOther(next: Model): void {
    const same = model !== null && sameList(model, next);
    model = next;
    report = measured(next.panel);
    if (!same) show(next);
  }

  function show(next: Model): void {
    model = next;
    report = measured(next.panel);
    setHidden(root, report === null);
    if (report === null) return;
    filters.show(next);
    sites = sitesOf(report, next);
    suppressed.show(sites.hidden, next.ui.showSuppressed);
    const { segment, category, route, worker, text, grouping } = next.ui;
    const filterNow = JSON.stringify([segment, category, route, worker, text, grouping]);
    const held = engaged(next) && filterNow === filterShown ? ranking : null;
    filterShown = filterNow;
    const items = itemsOf(matching(sites.ranked, next.ui), grouping);
    const laidOut = layOut(items, text.trim() !== "", held);
    ({ entries, ranking } = entriesOf(items, sites.ranked, laidOut, next.ui));
    top =
      grouping === "site"
        ? siteScale(sites.ranked)
        : barScale([...items.values()].map(({ hotspot }) => hotspot));
    setHidden(grid, entries.length === 0);
    setHidden(nothing, entries.length > 0);
    setText(
      nothing,
      sites.all === 0 ? t("No line costs anything yet.") : t("No hotspot matches the filter."),
    );
    const without = leftOutText(leftOut(sites.ranked.values(), next.ui));
    setText(unrouted, without);
    setHidden(unrouted, without === "");
    setHidden(following, next.panel?.othersFollow !== true);
    setAttribute(grid, "aria-rowcount", `${entries.length + 1}`);
    const opened = entries.some(({ type }) => type === "details");
    if (!opened) details.close();
    const standing = entries.some(({ key }) => key === active);
    const before = active;
    active = standing ? active : (entries[0]?.key ?? null);
    view.show(entries, pinned());
    if (before !== active) rowOf(before)?.setAttribute("tabindex", "-1");
    rove(active, false);
  }

  /** Stay in the page out of sight, too: what has or may have the focus, and what is open. */
  function pinned(): string[] {
    const open = model?.ui.open ?? null;
    return [active, open, DETAILS_KEY].filter((key): key is string => key !== null);
  }

  function draw(entry: Entry, fresh: boolean): HTMLElement {
    if (report === null || model === null) return fold.root;
    switch (entry.type) {
      case "fold":
        if (fresh) fold.show(sumsOf(entry.items.map(({ hotspot }) => hotspot)), model.ui.unfolded);
        return fold.root;
      case "details":
        if (fresh) details.show(entry.hotspot, report, model);
        return details.root;
      case "row": {
        let row = rows.get(entry.key);
        if (row === undefined) {
          row = spare.pop() ?? makeRow();
          row.root.dataset.key = entry.key;
          setAttribute(row.root, "tabindex", entry.key === active ? "0" : "-1");
          rows.set(entry.key, row);
        }
        if (fresh) {
          row.show(entry.item, report, top, entry.open);
          setClass(row.root, "is-suppressed", sites.suppressed.has(entry.item.hotspot));
        }
        return row.root;
      }
    }
  }
  function drop(key: string): void {
    const row = rows.get(key);
    if (row === undefined) return;
    rows.delete(key);
    if (spare.length < MOST_SPARE) spare.push(row);
  }

  function rowOf(key: string | null): HTMLElement | null {
    return key === null ? null : key === FOLD_KEY ? fold.root : (rows.get(key)?.root ?? null);
  }
  function rove(key: string | null, focus: boolean): void {
    if (active !== key) rowOf(active)?.setAttribute("tabindex", "-1");
    active = key;
    view.pin(pinned());
    if (key !== null && focus) view.reveal(key);
    const row = rowOf(key);
    if (row === null) return;
    setAttribute(row, "tabindex", "0");
    if (focus) row.focus({ preventScroll: true });
  }
  const rowAt = (key: string) => {
    const entry = entries.find((each) => each.key === key);
    return entry?.type === "row" ? entry : null;
  };
  function toggle(key: string, open?: boolean): void {
    const change = open === undefined ? {} : { open };
    if (key === FOLD_KEY) dispatch({ type: "toggleFold", ...(open === undefined ? {} : { unfolded: open }) });
    else if (rowAt(key)?.item.group != null)
      dispatch({ type: "toggleGroup", key, ...(open === undefined ? {} : { expanded: open }) });
    else dispatch({ type: "toggleRow", key, ...change });
  }
  function openSource(key: string, toSide: boolean): void {
    const hotspot = rowAt(key)?.item.hotspot;
    if (hotspot === undefined || hotspot.file === "") return;
    const { file, line, column } = hotspot;
    post({ type: "open", location: { file, line, column }, toSide });
  }

  listenToRows(body, {
    entries: () => entries.filter(({ type }) => type !== "details"),
    page: view.page,
    rove,
    toggle,
    openSource,
    copy(key) {
      const item = rowAt(key)?.item;
      if (item === undefined || report === null) return;
      const scope = model?.panel?.scope.label ?? "";
      const { hotspot, group } = item;
      const findings = model?.panel?.englishFindings ?? report.findings;
      const text =
        group === null
          ? markdownOf(details.whole(hotspot, model), { ...report, findings }, scope)
          : groupMarkdownOf(group, report, scope);
      post({ type: "copy", text });
    },
    /** @returns whether it was one that can be */
    suppress(key) {
      const item = rowAt(key)?.item;
      if (item === undefined || item.group !== null || model?.panel?.fixed === true) return false;
      const is = model?.panel?.suppressed?.includes(siteName(item.hotspot)) ?? false;
      post({ type: "suppress", site: siteRefOf(item.hotspot), suppressed: !is });
      return true;
    },
  });

  return { root, show: showOther };
}

/** Hotspots are found anew more seldom than exact figures come. */
function sameList(a: Model, b: Model): boolean {
  const { panel: before, ui } = a;
  const { panel: now } = b;
  if (before === null || now === null || ui !== b.ui) return false;
  const [had, has] = [measured(before), measured(now)];
  return (
    had !== null &&
    had.hotspots === has?.hotspots &&
    before.others === now.others &&
    before.othersFollow === now.othersFollow &&
    before.details === now.details &&
    before.suppressed === now.suppressed &&
    before.fixed === now.fixed &&
    before.phase === now.phase
  );
}
