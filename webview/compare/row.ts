// Comparison: one site's row: the baseline as an outline, now inside it, both figures, the change, how sure it is.

import { categoryName, formatNumber, isWaiting, kindWord, UNKNOWN } from "../../src/model/format.ts";
import { withSign } from "../../src/model/formatComparison.ts";
import { t } from "../../src/model/l10n.ts";
import type { HotspotChange } from "../../src/protocol/comparison.ts";
import { element, setAttribute, setChildren, setClass, setHidden, setStyle, setText } from "../element.ts";
import { impact } from "../figures.ts";
import { glyph, icon } from "../icons.ts";
import { PlaceView } from "../place.ts";
import { functionName, timeWord } from "../words.ts";

export interface ChangeRow {
  readonly root: HTMLElement;
  show(change: HotspotChange, scaleMicros: number, open: boolean): void;
}

export function makeChangeRow(): ChangeRow {
  const outline = element("span", "was-bar");
  const bar = element("span", "impact-bar");
  const before = cell("cell-before");
  const after = cell("cell-now");
  const difference = cell("cell-change");
  const glyphSlot = element("span", "glyph-slot");
  const kind = element("span", "kind");
  const name = element("span", "function");
  const where = new PlaceView({ tabindex: "-1" });
  const calleeName = element("span", "callee-name");
  const callee = element("span", "callee", [icon("arrow", 10), calleeName]);
  const one = element("em", "only-one");
  const certainty = cell("cell-certainty");
  const root = element(
    "div",
    "row change-grid",
    [
      element("span", "cell cell-chevron", [icon("chevron")], { role: "gridcell" }),
      element("span", "cell cell-bar", [element("span", "bar-pair", [outline, bar])], { role: "gridcell" }),
      before,
      after,
      difference,
      element("span", "cell cell-kind", [glyphSlot, kind], { role: "gridcell" }),
      element("span", "cell cell-site", [name, where.root, callee, one], { role: "gridcell" }),
      certainty,
    ],
    { role: "row", "aria-level": "2", "aria-expanded": "false", tabindex: "-1" },
  );
  return {
    root,
    show(change, scaleMicros, open) {
      const { category, impactMicros } = change;
      const spot = change.after ?? change.before;
      if (spot === null) return;
      root.dataset.category = category;
      setChildren(glyphSlot, [glyph(category, 14)]);
      setAttribute(glyphSlot, "title", categoryName(category));
      const [was, is] = [microsOf(change, "before"), microsOf(change, "after")];
      bar.className = `impact-bar of-${category}${isWaiting(category) ? " hatched" : ""}`;
      showBar(outline, was, scaleMicros);
      showBar(bar, is, scaleMicros);
      setText(before, impact(was));
      setText(after, impact(is));
      setText(difference, withSign(impactMicros.difference, impact));
      setAttribute(difference, "title", `${timeWord(category)}, ${t("µs/req")}`);
      setText(kind, kindWord(spot.kind));
      setText(name, functionName(spot.function));
      setAttribute(name, "title", functionName(spot.function));
      where.show(spot, `\n${t("Open (o), to the side with Alt")}`);
      setText(calleeName, spot.callee);
      setAttribute(calleeName, "title", spot.callee);
      setHidden(callee, spot.callee === "" || spot.callee === spot.kind);
      const only = change.before === null ? t("new") : change.after === null ? t("gone") : "";
      setText(one, only);
      setHidden(one, only === "");
      const sure = certaintyOf(change);
      setText(certainty, sure.text);
      setAttribute(certainty, "title", sure.detail);
      setClass(certainty, "is-inferred", spot.confidence === "inferred");
      setAttribute(root, "aria-expanded", `${open}`);
    },
  };
}

function cell(name: string): HTMLElement {
  return element("span", `cell ${name}`, [], { role: "gridcell" });
}

/** Null where the side has not seen it, or has no price for it. */
export function microsOf({ before, after }: HotspotChange, side: "before" | "after"): number | null {
  return (side === "before" ? before : after)?.impactMicrosPerRequest ?? null;
}

function showBar(bar: HTMLElement, micros: number | null, scaleMicros: number): void {
  const size = scaleMicros > 0 && micros !== null ? micros / scaleMicros : 0;
  setHidden(bar, micros === null || micros <= 0);
  setStyle(bar, "width", `${Math.min(100, 100 * size).toFixed(2)}%`);
  setClass(bar, "torn", size > 1.001);
}

export function certaintyOf({ before, after, verdict, impactMicros, perRequest }: HotspotChange) {
  const { difference, error } = impactMicros;
  const detail = perRequest.error === null ? t("How far it may be chance is not known") : "";
  const inferred = (after ?? before)?.confidence === "inferred" ? t("inferred") : null;
  if (verdict !== "unclear")
    return {
      text: inferred ?? t("clear"),
      detail:
        error === null
          ? detail
          : t("± {0} µs/req (95 %), and more than two runs differ by", formatNumber(error)),
    };
  if (inferred !== null) return { text: inferred, detail };
  if (error === null || difference === null) return { text: UNKNOWN, detail };
  if (Math.abs(difference) <= error)
    return { text: t("within ± {0}", impact(error)), detail: t("± {0} µs/req (95 %)", formatNumber(error)) };
  return {
    text: t("no clear change"),
    detail: t(
      "Beyond its own error, but no more than two runs of the same server, or their loads, may differ by",
    ),
  };
}

/** The impact that fills a whole bar: one linear scale for both kinds; waits beyond four times the longest processor row are cut. */
export function scaleOf(changes: readonly HotspotChange[]): number {
  const CUT_WAITS_AT = 4;
  let [processor, waiting] = [0, 0];
  for (const change of changes) {
    const micros = Math.max(microsOf(change, "before") ?? 0, microsOf(change, "after") ?? 0);
    if (isWaiting(change.category)) waiting = Math.max(waiting, micros);
    else processor = Math.max(processor, micros);
  }
  return processor > 0 && waiting > CUT_WAITS_AT * processor
    ? CUT_WAITS_AT * processor
    : Math.max(processor, waiting);
}
