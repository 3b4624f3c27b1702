// Panel, hotspots: the section's head: segments, route, text filter, the category that a tile chose, the legend.

import { CATEGORY_NAME } from "../../src/model/format.ts";
import type { Report } from "../../src/protocol/report.ts";
import { element, setAttribute, setChildren, setHidden } from "../element.ts";
import { glyph, icon } from "../icons.ts";
import { type Dispatch, measured, type Part } from "../part.ts";
import type { Model, Segment } from "../state.ts";
import { routesOf } from "./routes.ts";

const SEGMENTS: readonly (readonly [Segment, string])[] = [
  ["all", "All"],
  ["processor", "Processor"],
  ["waiting", "Waiting"],
];

const ALL_ROUTES = "";

export function makeFilters(dispatch: Dispatch): Part {
  const segments = SEGMENTS.map(([segment, text]) => {
    const button = element("button", "segment", [text], {
      type: "button",
      role: "radio",
      "aria-checked": "false",
    });
    button.addEventListener("click", () => dispatch({ type: "segment", segment }));
    return button;
  });
  const group = element("div", "segments", segments, { role: "radiogroup", "aria-label": "Kind of time" });
  group.addEventListener("keydown", (event) => {
    const step =
      event.key === "ArrowRight" || event.key === "ArrowDown"
        ? 1
        : event.key === "ArrowLeft" || event.key === "ArrowUp"
          ? -1
          : 0;
    const at = segments.findIndex((button) => button.matches(":focus"));
    const next = segments[(at + step + segments.length) % segments.length];
    if (step === 0 || at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
    next.click();
  });

  const route = element("select", "select route", [], { "aria-label": "Route of the hotspots" });
  route.addEventListener("change", () =>
    dispatch({ type: "route", route: route.value === ALL_ROUTES ? null : route.value }),
  );

  const input = element("input", "", [], {
    type: "text",
    placeholder: "Filter",
    "aria-label": "Filter hotspots by name or file (/)",
    spellcheck: "false",
  });
  input.addEventListener("input", () => dispatch({ type: "text", text: input.value }));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    dispatch({ type: "text", text: "" });
    event.stopPropagation();
  });
  const search = element("label", "search", [icon("search"), input]);

  const chip = element("button", "chip", [], { type: "button" });
  let category: Model["ui"]["category"] = null;
  chip.addEventListener("click", () => {
    if (category !== null) dispatch({ type: "category", category });
  });

  const legend = element(
    "div",
    "legend-kinds",
    [
      element("span", "legend-kind", [element("span", "swatch"), "processor"]),
      element("span", "legend-kind", [element("span", "swatch hatched"), "waiting"]),
    ],
    { "aria-hidden": "true" },
  );

  function showRoutes(report: Report | null, chosen: string | null): void {
    const names = report === null ? [] : routesOf(report);
    // One that is gone stays to be seen, as it is why nothing is listed.
    if (chosen !== null && !names.includes(chosen)) names.push(chosen);
    setHidden(route, names.length < 2 && chosen === null);
    const values = [ALL_ROUTES, ...names];
    const standing = new Set([...route.options].map(({ value }) => value));
    // In the order of their requests when they came; one that is open to be chosen from does not change its order.
    if (values.length !== standing.size || values.some((value) => !standing.has(value)))
      route.replaceChildren(
        ...values.map((value) =>
          element("option", "", [value === ALL_ROUTES ? "All routes" : value], { value }),
        ),
      );
    const value = chosen ?? ALL_ROUTES;
    if (route.value !== value) route.value = value;
    setAttribute(route, "title", chosen);
  }

  const root = element("div", "section-head", [
    element("h2", "section-name", ["Hotspots"]),
    group,
    route,
    search,
    chip,
    legend,
  ]);
  return {
    root,
    show({ panel, ui }) {
      for (const [index, [segment]] of SEGMENTS.entries()) {
        const button = segments[index];
        if (button === undefined) continue;
        setAttribute(button, "aria-checked", `${ui.segment === segment}`);
        setAttribute(button, "tabindex", ui.segment === segment ? "0" : "-1");
      }
      showRoutes(measured(panel), ui.route);
      if (input.value !== ui.text) input.value = ui.text;
      if (ui.category !== category) {
        category = ui.category;
        setChildren(
          chip,
          category === null
            ? []
            : [glyph(category, 14), document.createTextNode(CATEGORY_NAME[category]), icon("close", 12)],
        );
        setAttribute(
          chip,
          "aria-label",
          category === null ? null : `Only ${CATEGORY_NAME[category]}; show all`,
        );
      }
      setHidden(chip, category === null);
    },
  };
}
