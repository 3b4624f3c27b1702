// Panel, time line: the same series as a table, for who cannot see the chart.

import { categoryName, formatNumber } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import type { SeriesMark } from "../../src/protocol/panel.ts";
import { element, setText } from "../element.ts";
import { clock } from "../figures.ts";
import type { Columns } from "./columns.ts";
import { markText } from "./markWords.ts";

export function makeTwin() {
  const body = element("tbody");
  const names = [
    t("Time"),
    ...CATEGORIES.map((category) => t("{0}, µs/req", categoryName(category))),
    t("Requests/s"),
    t("Events"),
  ];
  const root = element("table", "hidden twin", [
    element("caption", "", [t("Time line: processor time by category, lock waits, requests")]),
    element("thead", "", [
      element(
        "tr",
        "",
        names.map((name) => element("th", "", [name], { scope: "col" })),
      ),
    ]),
    body,
  ]);
  return {
    root,
    show({ atMs, impact, requestsPerSecond }: Columns, marks: readonly SeriesMark[]): void {
      while (body.rows.length > atMs.length) body.deleteRow(-1);
      for (const [index, ms] of atMs.entries()) {
        const row = body.rows[index] ?? newRow(body, names.length);
        const next = atMs[index + 1] ?? Number.POSITIVE_INFINITY;
        const texts = [
          clock(ms),
          ...CATEGORIES.map((category) => formatNumber(impact[category][index] ?? null)),
          formatNumber(requestsPerSecond[index] ?? null),
          marks
            .filter(({ atMs: at }) => (index === 0 || at >= ms) && at < next)
            .map(markText)
            .join(", "),
        ];
        for (const [column, text] of texts.entries()) {
          const cell = row.cells[column];
          if (cell !== undefined) setText(cell, text);
        }
      }
    },
  };
}

function newRow(body: HTMLTableSectionElement, columns: number): HTMLTableRowElement {
  const row = element("tr", "", [
    element("th", "", [], { scope: "row" }),
    ...Array.from({ length: columns - 1 }, () => element("td")),
  ]);
  body.append(row);
  return row;
}
