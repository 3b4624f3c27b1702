// Comparison: the list's head: kind of time, text, the category that a tile chose, the rates, the legend.

import { categoryName, formatNumber } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { Category } from "../../src/protocol/categories.ts";
import { element, setAttribute, setChildren, setHidden, setText } from "../element.ts";
import { glyph, icon } from "../icons.ts";
import { makeSegments } from "../segments.ts";
import type { CompareDispatch, CompareModel, ComparePart } from "./state.ts";

export function makeCompareFilters(dispatch: CompareDispatch): ComparePart {
  const segments = makeSegments((segment) => dispatch({ type: "segment", segment }));
  const input = element("input", "", [], {
    type: "text",
    placeholder: t("Filter"),
    "aria-label": t("Filter changes by name or file (/)"),
    spellcheck: "false",
  });
  input.addEventListener("input", () => dispatch({ type: "text", text: input.value }));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    dispatch({ type: "text", text: "" });
    event.stopPropagation();
  });
  const chip = element("button", "chip", [], { type: "button" });
  let category: Category | null = null;
  chip.addEventListener("click", () => {
    if (category !== null) dispatch({ type: "category", category });
  });
  const rates = element("span", "muted list-rates");
  const legend = element(
    "div",
    "legend-kinds",
    [
      element("span", "legend-kind", [element("span", "swatch-outline"), t("baseline")]),
      element("span", "legend-kind", [element("span", "swatch"), t("now, processor")]),
      element("span", "legend-kind", [element("span", "swatch hatched"), t("now, waiting")]),
    ],
    { "aria-hidden": "true" },
  );
  const root = element("div", "section-head", [
    element("h2", "section-name", [t("Hotspots")]),
    segments.root,
    element("label", "search", [icon("search"), input]),
    chip,
    rates,
    legend,
  ]);
  return {
    root,
    show({ state, ui }: CompareModel) {
      segments.show(ui.segment);
      if (input.value !== ui.text) input.value = ui.text;
      const rate = state?.comparison?.requests.perSecond;
      if (rate !== undefined)
        setText(rates, t("at {0} req/s, was {1}", formatNumber(rate.after), formatNumber(rate.before)));
      setHidden(chip, ui.category === null);
      if (ui.category === category) return;
      category = ui.category;
      const name = category === null ? "" : categoryName(category);
      setChildren(
        chip,
        category === null ? [] : [glyph(category, 14), document.createTextNode(name), icon("close", 12)],
      );
      setAttribute(chip, "aria-label", category === null ? null : t("Only {0}; show all", name));
    },
  };
}
