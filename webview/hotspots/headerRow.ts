// Panel, hotspots: the head of the list's columns.

import { t } from "../../src/model/l10n.ts";
import { element } from "../element.ts";
import { icon } from "../icons.ts";

export function headerRow(): HTMLElement {
  const cell = (text: string, name: string) =>
    element("span", `cell ${name}`, [text], { role: "columnheader" });
  const impactCell = cell(t("Impact"), "cell-bar");
  impactCell.append(icon("sorted", 12));
  impactCell.setAttribute("aria-sort", "descending");
  return element(
    "div",
    "row-grid header-row",
    [
      element("span", "cell cell-chevron", [element("span", "hidden", [t("Open")])], {
        role: "columnheader",
      }),
      impactCell,
      cell(t("µs/req"), "cell-impact"),
      cell(t("Kind"), "cell-kind"),
      cell(t("Call site"), "cell-site"),
      cell(t("Per request"), "cell-amount"),
      cell(t("Share"), "cell-share"),
      cell(t("Certainty"), "cell-certainty"),
      cell(t("Workers"), "cell-spread"),
    ],
    { role: "row", "aria-rowindex": "1" },
  );
}
