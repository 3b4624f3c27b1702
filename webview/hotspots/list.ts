// Panel, hotspots: the ranked list over all categories, as a tree grid with one row focusable at a time.

import type { Hotspot } from "../../src/protocol/report.ts";
import { siteName, siteRefOf } from "../../src/protocol/siteDetails.ts";
import { element, setAttribute, setChildren, setClass, setHidden, setText } from "../element.ts";
import { impact } from "../figures.ts";
import { post } from "../host.ts";
import { icon } from "../icons.ts";
import { type Dispatch, isSettling, measured, type Part } from "../part.ts";
import type { Model } from "../state.ts";
import { ofWorker } from "./byWorker.ts";
import { makeDetails } from "./details.ts";
import { makeFilters } from "./filters.ts";
import { markdownOf } from "./markdown.ts";
import { barScale, layOut, leftOut, type Ranking, rank, type Sums, sumsOf } from "./ranking.ts";
import { leftOutText } from "./routes.ts";
import { makeRow, type RowView } from "./row.ts";
import { makeSuppressed } from "./suppressed.ts";

const FOLD_KEY = "\u0000fold";

export function makeHotspots(dispatch: Dispatch): Part {
  const filters = makeFilters(dispatch);
  const header = headerRow();
  const body = element("div", "rows", [], { role: "rowgroup" });
  const grid = element("div", "grid", [element("div", "head-group", [header], { role: "rowgroup" }), body], {
    role: "treegrid",
    "aria-label": "Hotspots, by impact",
  });
  const nothing = element("p", "nothing");
  const unrouted = element("p", "nothing");
  const fold = makeFold();
  const suppressed = makeSuppressed(dispatch);
  const details = makeDetails(dispatch);
  const root = element("section", "hotspots", [filters.root, grid, nothing, unrouted, suppressed.root], {
    "aria-label": "Hotspots",
  });

  const rows = new Map<string, RowView>();
  let ranked: ReadonlyMap<string, Hotspot> = new Map();
  let ranking: Ranking = { shown: [], folded: [] };
  let filterShown = "";
  /** Keys in the order they stand, the fold row among them. */
  let standing: readonly string[] = [];
  let active: string | null = null;
  let pointerInside = false;
  let model: Model | null = null;

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

  function show(next: Model): void {
    model = next;
    const report = measured(next.panel);
    setHidden(root, report === null);
    if (report === null) return;
    filters.show(next);
    const hidden = new Set(next.panel?.suppressed ?? []);
    const chosen = next.ui.worker;
    const hotspots = chosen === null ? report.hotspots : ofWorker(report.hotspots, report, chosen);
    const seen = hotspots.filter((hotspot) => next.ui.showSuppressed || !hidden.has(siteName(hotspot)));
    const known = report.hotspots.reduce((sum, hotspot) => sum + (hidden.has(siteName(hotspot)) ? 1 : 0), 0);
    suppressed.show(known, next.ui.showSuppressed);
    ranked = rank(seen);
    const { segment, category, route, worker, text } = next.ui;
    const filterNow = JSON.stringify([segment, category, route, worker, text]);
    const held = engaged(next) && filterNow === filterShown ? ranking : null;
    filterShown = filterNow;
    ranking = layOut(ranked, next.ui, held);
    const top = barScale(ranked.values());
    const nodes: Node[] = [];
    const order: string[] = [];

    const place = (key: string) => {
      const hotspot = ranked.get(key);
      if (hotspot === undefined) return;
      let row = rows.get(key);
      if (row === undefined) {
        row = makeRow();
        row.root.dataset.key = key;
        rows.set(key, row);
      }
      const open = next.ui.open === key;
      row.show(hotspot, report, top, open);
      setClass(row.root, "is-suppressed", hidden.has(siteName(hotspot)));
      nodes.push(row.root);
      order.push(key);
      if (!open) return;
      details.show(hotspot, report, next);
      nodes.push(details.root);
      opened = true;
    };
    let opened = false;
    for (const key of ranking.shown) place(key);
    if (ranking.folded.length > 0) {
      fold.show(sumsOf(ranking.folded.flatMap((key) => ranked.get(key) ?? [])), next.ui.unfolded);
      nodes.push(fold.root);
      order.push(FOLD_KEY);
      if (next.ui.unfolded) for (const key of ranking.folded) place(key);
    }
    if (!opened) details.close();
    for (const key of rows.keys()) if (!ranked.has(key)) rows.delete(key);
    standing = order;
    setChildren(body, nodes);
    setHidden(grid, order.length === 0);
    setHidden(nothing, order.length > 0);
    setText(
      nothing,
      report.hotspots.length === 0 ? "No line costs anything yet." : "No hotspot matches the filter.",
    );
    const without = leftOutText(leftOut(ranked.values(), next.ui));
    setText(unrouted, without);
    setHidden(unrouted, without === "");
    rove(active !== null && order.includes(active) ? active : (order[0] ?? null), false);
  }

  function rowOf(key: string | null): HTMLElement | null {
    return key === null ? null : key === FOLD_KEY ? fold.root : (rows.get(key)?.root ?? null);
  }
  function rove(key: string | null, focus: boolean): void {
    if (active !== key) rowOf(active)?.setAttribute("tabindex", "-1");
    active = key;
    const row = rowOf(key);
    if (row === null) return;
    setAttribute(row, "tabindex", "0");
    if (focus) {
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
  }
  function toggle(key: string, open?: boolean): void {
    if (key === FOLD_KEY)
      dispatch(open === undefined ? { type: "toggleFold" } : { type: "toggleFold", unfolded: open });
    else dispatch(open === undefined ? { type: "toggleRow", key } : { type: "toggleRow", key, open });
  }
  function openSource(key: string, toSide: boolean): void {
    const hotspot = ranked.get(key);
    if (hotspot === undefined || hotspot.file === "") return;
    const { file, line, column } = hotspot;
    post({ type: "open", location: { file, line, column }, toSide });
  }

  body.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>(".row");
    if (target === null || row == null) return;
    const key = row.dataset.key ?? FOLD_KEY;
    rove(key, true);
    if (target.closest(".place") !== null) openSource(key, event.altKey);
    else toggle(key);
  });

  body.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".row") : null;
    if (row !== null && row === event.target) rove(row.dataset.key ?? FOLD_KEY, false);
  });

  body.addEventListener("keydown", (event) => {
    const row =
      event.target instanceof HTMLElement && event.target.classList.contains("row") ? event.target : null;
    if (row === null || event.ctrlKey || event.metaKey) return;
    const key = row.dataset.key ?? FOLD_KEY;
    const at = standing.indexOf(key);
    const go = (index: number) =>
      rove(standing[Math.min(standing.length - 1, Math.max(0, index))] ?? key, true);
    switch (event.key) {
      case "ArrowDown":
        go(at + 1);
        break;
      case "ArrowUp":
        go(at - 1);
        break;
      case "PageDown":
        go(at + 10);
        break;
      case "PageUp":
        go(at - 10);
        break;
      case "Home":
        go(0);
        break;
      case "End":
        go(standing.length - 1);
        break;
      case "Enter":
        toggle(key);
        break;
      case "ArrowRight":
        toggle(key, true);
        break;
      case "ArrowLeft":
        toggle(key, false);
        break;
      case "o":
        openSource(key, event.altKey);
        break;
      case "c":
        copy(key);
        break;
      case "s":
        suppress(key);
        go(at + 1 < standing.length ? at + 1 : at - 1);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  function suppress(key: string): void {
    const hotspot = ranked.get(key);
    if (hotspot === undefined || model?.panel?.fixed === true) return;
    const is = model?.panel?.suppressed?.includes(siteName(hotspot)) ?? false;
    post({ type: "suppress", site: siteRefOf(hotspot), suppressed: !is });
  }

  function copy(key: string): void {
    const hotspot = ranked.get(key);
    const report = measured(model?.panel ?? null);
    if (hotspot !== undefined && report !== null)
      post({ type: "copy", text: markdownOf(hotspot, report, model?.panel?.scope.label ?? "") });
  }

  return { root, show };
}

function headerRow(): HTMLElement {
  const cell = (text: string, name: string) =>
    element("span", `cell ${name}`, [text], { role: "columnheader" });
  const impactCell = cell("Impact", "cell-bar");
  impactCell.append(icon("sorted", 12));
  impactCell.setAttribute("aria-sort", "descending");
  return element(
    "div",
    "row-grid header-row",
    [
      element("span", "cell cell-chevron", [element("span", "hidden", ["Open"])], { role: "columnheader" }),
      impactCell,
      cell("µs/req", "cell-impact"),
      cell("Kind", "cell-kind"),
      cell("Call site", "cell-site"),
      cell("Per request", "cell-amount"),
      cell("Share", "cell-share"),
      cell("Certainty", "cell-certainty"),
      cell("Workers", "cell-spread"),
    ],
    { role: "row" },
  );
}

/** The row that stands for all sites below the threshold: two sums, one of each kind of time. */
function makeFold() {
  const text = element("span", "fold-text");
  const cell = element("span", "fold-cell", [icon("chevron"), text], { role: "gridcell" });
  const root = element("div", "row fold-row", [cell], { role: "row", "aria-level": "1", tabindex: "-1" });
  return {
    root,
    show(sums: Sums, unfolded: boolean): void {
      setText(text, foldText(sums));
      setAttribute(root, "aria-expanded", `${unfolded}`);
    },
  };
}

export function foldText({ sites, processorMicros, waitingMicros }: Sums): string {
  if (processorMicros !== null && waitingMicros !== null)
    return `${sites} more: ${impact(processorMicros)} µs/req processor, ${impact(waitingMicros)} waiting`;
  if (waitingMicros !== null) return `${sites} more: ${impact(waitingMicros)} µs/req waiting`;
  return `${sites} more: ${impact(processorMicros)} µs/req processor`;
}
