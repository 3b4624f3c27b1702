// Panel, hotspots: the section's head: segments, text filter, the category that a tile chose, the legend.

import { CATEGORY_NAME } from "../../src/model/format.ts";
import { element, setAttribute, setChildren, setHidden } from "../element.ts";
import { glyph, icon } from "../icons.ts";
import type { Dispatch, Part } from "../part.ts";
import type { Model, Segment } from "../state.ts";

const SEGMENTS: readonly (readonly [Segment, string])[] = [
  ["all", "All"],
  ["processor", "Processor"],
  ["waiting", "Waiting"],
];

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

  const root = element("div", "section-head", [
    element("h2", "section-name", ["Hotspots"]),
    group,
    search,
    chip,
    legend,
  ]);
  return {
    root,
    show({ ui }) {
      for (const [index, [segment]] of SEGMENTS.entries()) {
        const button = segments[index];
        if (button === undefined) continue;
        setAttribute(button, "aria-checked", `${ui.segment === segment}`);
        setAttribute(button, "tabindex", ui.segment === segment ? "0" : "-1");
      }
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
