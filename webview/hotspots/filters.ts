// Panel, hotspots: the section's head: segments, text filter, grouping, route, worker, the category that a tile chose, the legend.

import { GROUPINGS, type Grouping } from "../../src/model/groups.ts";
import { t } from "../../src/model/l10n.ts";
import { makeCategoryChip } from "../categoryChip.ts";
import { element, setAttribute, setHidden } from "../element.ts";
import { type Dispatch, measured, type Part } from "../part.ts";
import { makeSearchBox } from "../searchBox.ts";
import { makeSegments } from "../segments.ts";
import { workersOf } from "./byWorker.ts";
import { routesOf } from "./routes.ts";

const ALL = "";

const GROUPING_WORDS: Readonly<Record<Grouping, string>> = {
  site: t("By call site"),
  line: t("By line"),
  function: t("By function"),
  file: t("By file"),
  dependency: t("By dependency"),
};

export function makeFilters(dispatch: Dispatch): Part {
  const segments = makeSegments((segment) => dispatch({ type: "segment", segment }));

  const route = element("select", "select route", [], { "aria-label": t("Route of the hotspots") });
  route.addEventListener("change", () =>
    dispatch({ type: "route", route: route.value === ALL ? null : route.value }),
  );

  const worker = element("select", "select route", [], { "aria-label": t("Worker of the hotspots") });
  worker.addEventListener("change", () =>
    dispatch({ type: "worker", worker: worker.value === ALL ? null : worker.value }),
  );

  const grouping = element(
    "select",
    "select grouping",
    GROUPINGS.map((each) => element("option", "", [GROUPING_WORDS[each]], { value: each })),
    { "aria-label": t("Group hotspots") },
  );
  grouping.addEventListener("change", () => {
    const chosen = GROUPINGS.find((each) => each === grouping.value);
    if (chosen !== undefined) dispatch({ type: "grouping", grouping: chosen });
  });

  const search = makeSearchBox(t("Filter hotspots by name or file (/)"), (text) =>
    dispatch({ type: "text", text }),
  );
  const chip = makeCategoryChip((category) => dispatch({ type: "category", category }));

  const legend = element(
    "div",
    "legend-kinds",
    [
      element("span", "legend-kind", [element("span", "swatch"), t("processor")]),
      element("span", "legend-kind", [element("span", "swatch hatched"), t("waiting")]),
    ],
    { "aria-hidden": "true" },
  );

  function showChoices(
    select: HTMLSelectElement,
    known: readonly string[],
    chosen: string | null,
    all: string,
  ): void {
    // One that is gone stays to be seen, as it is why nothing is listed.
    const names = chosen !== null && !known.includes(chosen) ? [...known, chosen] : known;
    setHidden(select, names.length < 2 && chosen === null);
    const values = [ALL, ...names];
    const standing = new Set([...select.options].map(({ value }) => value));
    // In the order they came; one that is open to be chosen from does not change its order.
    if (values.length !== standing.size || values.some((value) => !standing.has(value)))
      select.replaceChildren(
        ...values.map((value) => element("option", "", [value === ALL ? all : value], { value })),
      );
    const value = chosen ?? ALL;
    if (select.value !== value) select.value = value;
    setAttribute(select, "title", chosen);
  }

  const root = element("div", "section-head", [
    element("h2", "section-name", [t("Hotspots")]),
    segments.root,
    search.root,
    grouping,
    route,
    worker,
    chip.root,
    legend,
  ]);
  return {
    root,
    show({ panel, ui }) {
      segments.show(ui.segment);
      const report = measured(panel);
      showChoices(route, report === null ? [] : routesOf(report), ui.route, t("All routes"));
      showChoices(worker, report === null ? [] : workersOf(report), ui.worker, t("All workers"));
      if (grouping.value !== ui.grouping) grouping.value = ui.grouping;
      search.show(ui.text);
      chip.show(ui.category);
    },
  };
}
