// Panel, hotspots: the head of the list's columns.

import { element } from "../element.ts";
import { icon } from "../icons.ts";

export function headerRow(): HTMLElement {
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
    { role: "row", "aria-rowindex": "1" },
  );
}
