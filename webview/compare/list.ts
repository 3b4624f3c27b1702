// Comparison: what changed, line by line: More, Less, No clear change, each a group of a tree grid.

import { t } from "../../src/model/l10n.ts";
import type { HotspotChange, Verdict } from "../../src/protocol/comparison.ts";
import { element, setAttribute, setChildren, setHidden, setText } from "../element.ts";
import { icon } from "../icons.ts";
import { type ChangeRates, changeMarkdown, makeChangeDetails } from "./details.ts";
import { makeCompareFilters } from "./filters.ts";
import { makeGroupRow, restText } from "./groupRow.ts";
import { post } from "./host.ts";
import { listenInList } from "./listKeys.ts";
import { type ChangeRow, makeChangeRow, scaleOf } from "./row.ts";
import { type CompareDispatch, type CompareModel, type ComparePart, changeKey, groupsOf } from "./state.ts";

export function makeChanges(dispatch: CompareDispatch): ComparePart {
  const filters = makeCompareFilters(dispatch);
  const body = element("div", "change-rows", [], { role: "rowgroup" });
  const grid = element(
    "div",
    "grid",
    [element("div", "head-group", [headerRow()], { role: "rowgroup" }), body],
    {
      role: "treegrid",
      "aria-label": t("Changes by line, regressions first"),
    },
  );
  const calm = element("p", "nothing calm");
  const omitted = element("p", "nothing");
  const root = element("section", "hotspots", [filters.root, calm, grid, omitted], {
    "aria-label": t("Changes"),
  });
  const details = makeChangeDetails();
  const rows = new Map<string, ChangeRow>();
  const heads = new Map<Verdict, ReturnType<typeof makeGroupRow>>();
  const rests = new Map<Verdict, HTMLElement>();
  /** What each row that stands stands for. */
  let changes = new Map<string, HotspotChange>();
  let compared: unknown = null;
  let rates: ChangeRates = { before: 0, after: 0 };

  const list = listenInList(body, {
    toggle(key, open) {
      const [kind, verdict] = key.split(":", 2) as [string, Verdict];
      const wanted = open === undefined ? {} : { open };
      if (kind === "group") dispatch({ type: "toggleGroup", verdict, ...wanted });
      else if (kind === "rest") dispatch({ type: "toggleRest", verdict, ...wanted });
      else dispatch({ type: "toggleRow", key, ...wanted });
    },
    open(key, toSide) {
      const change = changes.get(key);
      const spot = change?.after ?? change?.before;
      if (spot == null || spot.file === "") return;
      const { file, line, column } = spot;
      post({ type: "open", location: { file, line, column }, toSide });
    },
    copy(key) {
      const change = changes.get(key);
      if (change !== undefined) post({ type: "copy", text: changeMarkdown(change, rates) });
    },
  });

  function headOf(verdict: Verdict) {
    const known = heads.get(verdict) ?? makeGroupRow(`group:${verdict}`);
    heads.set(verdict, known);
    return known;
  }
  function restOf(verdict: Verdict): HTMLElement {
    const known =
      rests.get(verdict) ??
      element(
        "div",
        "row fold-row",
        [element("span", "fold-cell", [icon("chevron"), element("span")], { role: "gridcell" })],
        { role: "row", "aria-level": "2", tabindex: "-1", "data-key": `rest:${verdict}` },
      );
    rests.set(verdict, known);
    return known;
  }

  return {
    root,
    show(model: CompareModel) {
      const { state, ui } = model;
      const comparison = state?.comparison ?? null;
      setHidden(root, comparison === null);
      if (state === null || comparison === null) return;
      if (compared !== comparison) rows.clear();
      compared = comparison;
      filters.show(model);
      const keys = new Map(comparison.hotspots.map((change, at) => [change, changeKey(change, at)]));
      const scale = scaleOf(comparison.hotspots);
      rates = {
        before: comparison.requests.perSecond.before ?? 0,
        after: comparison.requests.perSecond.after ?? 0,
      };
      const nodes: Node[] = [];
      const order: string[] = [];
      changes = new Map();
      const place = (change: HotspotChange) => {
        const key = keys.get(change) ?? "";
        const row = rows.get(key) ?? makeChangeRow();
        rows.set(key, row);
        row.root.dataset.key = key;
        row.show(change, scale, ui.open === key);
        changes.set(key, change);
        nodes.push(row.root);
        order.push(key);
        if (ui.open !== key) return;
        details.show(change, rates);
        nodes.push(details.root);
      };
      for (const { verdict, all, shown, rest } of groupsOf(comparison.hotspots, ui)) {
        if (all.length === 0) continue;
        const head = headOf(verdict);
        const open = !ui.closed.includes(verdict);
        head.show(verdict, all, open);
        nodes.push(head.root);
        order.push(`group:${verdict}`);
        if (!open) continue;
        shown.forEach(place);
        if (rest.length === 0) continue;
        const fold = restOf(verdict);
        const whole = ui.whole.includes(verdict);
        setText(fold.querySelector("span span") ?? fold, restText(verdict, rest));
        setAttribute(fold, "aria-expanded", `${whole}`);
        nodes.push(fold);
        order.push(`rest:${verdict}`);
        if (whole) rest.forEach(place);
      }
      setChildren(body, nodes);
      setHidden(grid, order.length === 0);
      const words = calmText(model, order.length);
      setText(calm, words);
      setHidden(calm, words === "");
      setText(omitted, t("{0} more lines of little weight are left out.", state.omitted));
      setHidden(omitted, state.omitted === 0);
      list.stand(order);
    },
  };
}

/** Said where nothing is clear, so that a list of small figures is not read as news; "" elsewhere. */
function calmText({ state, ui }: CompareModel, listed: number): string {
  const comparison = state?.comparison;
  if (state == null || comparison == null) return "";
  if (comparison.before.requests === 0 || comparison.after.requests === 0) {
    const { before, after } = comparison;
    const which =
      before.requests === 0 && after.requests === 0
        ? t("either recording")
        : before.requests === 0
          ? t("the baseline")
          : t("the newer recording");
    return t("No request was measured in {0}: there is nothing to compare.", which);
  }
  if (state.before.path === state.after.path && state.before.path !== "")
    return t("Both sides are the same recording. Choose another one on either side.");
  if (comparison.hotspots.length === 0) return t("No line costs anything on either side.");
  if (listed === 0) return t("No change matches the filter.");
  const clear = comparison.hotspots.some(({ verdict }) => verdict !== "unclear");
  const filtered = ui.text !== "" || ui.category !== null || ui.segment !== "all";
  return clear || filtered ? "" : t("Nothing differs by more than two runs of the same server do.");
}

function headerRow(): HTMLElement {
  const cell = (text: string, name: string) =>
    element("span", `cell ${name}`, [text], { role: "columnheader" });
  const impact = cell(t("Impact"), "cell-bar");
  impact.append(element("span", "wide-only", [`, ${t("µs/req")}`]));
  return element(
    "div",
    "change-grid header-row",
    [
      element("span", "cell cell-chevron", [element("span", "hidden", [t("Open")])], {
        role: "columnheader",
      }),
      impact,
      cell(t("Baseline"), "cell-before"),
      cell(t("Now"), "cell-now"),
      cell(t("Change"), "cell-change"),
      cell(t("Kind"), "cell-kind"),
      cell(t("Call site"), "cell-site"),
      cell(t("Certainty"), "cell-certainty"),
    ],
    { role: "row" },
  );
}
