// Comparison: the list's head: kind of time, text, the category that a tile chose, the rates, the legend.

import { formatNumber } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import { makeCategoryChip } from "../categoryChip.ts";
import { element, setText } from "../element.ts";
import { makeSearchBox } from "../searchBox.ts";
import { makeSegments } from "../segments.ts";
import type { CompareDispatch, CompareModel, ComparePart } from "./state.ts";

export function makeCompareFilters(dispatch: CompareDispatch): ComparePart {
  const segments = makeSegments((segment) => dispatch({ type: "segment", segment }));
  const search = makeSearchBox(t("Filter changes by name or file (/)"), (text) =>
    dispatch({ type: "text", text }),
  );
  const chip = makeCategoryChip((category) => dispatch({ type: "category", category }));
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
    search.root,
    chip.root,
    rates,
    legend,
  ]);
  return {
    root,
    show({ state, ui }: CompareModel) {
      segments.show(ui.segment);
      search.show(ui.text);
      chip.show(ui.category);
      const rate = state?.comparison?.requests.perSecond;
      if (rate !== undefined)
        setText(rates, t("at {0} req/s, was {1}", formatNumber(rate.after), formatNumber(rate.before)));
    },
  };
}
