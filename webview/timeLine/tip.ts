// Panel, time line: the figures under the crosshair, and what happened there.

import { categoryName, formatNumber } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import type { SeriesMark } from "../../src/protocol/panel.ts";
import { element, setHidden, setStyle, setText } from "../element.ts";
import { clock } from "../figures.ts";
import { glyph } from "../icons.ts";
import type { Columns } from "./columns.ts";
import { markText } from "./markWords.ts";

const MOST_EVENTS = 3;

export function makeTip() {
  const time = element("div", "tip-time");
  const figures = CATEGORIES.map(() => element("span", "number"));
  const rate = element("span", "number");
  const row = (icon: Node | null, name: string, figure: HTMLElement, unit: string) =>
    element("div", "tip-row", [
      element("span", "tip-glyph", [icon]),
      element("span", "", [name]),
      figure,
      element("span", "unit", [unit]),
    ]);
  const events = element("div", "tip-events");
  const root = element(
    "div",
    "tip",
    [
      time,
      ...CATEGORIES.map((category, index) =>
        row(glyph(category, 12), categoryName(category), figures[index] as HTMLElement, t("µs/req")),
      ),
      row(null, t("Requests"), rate, t("req/s")),
      events,
    ],
    { "aria-hidden": "true" },
  );
  root.hidden = true;
  return {
    root,
    show(
      columns: Columns,
      column: number | null,
      pixel: number,
      width: number,
      marks: readonly SeriesMark[],
    ): void {
      setHidden(root, column === null);
      if (column === null) return;
      setText(time, clock(columns.atMs[column] ?? 0));
      for (const [index, category] of CATEGORIES.entries()) {
        const figure = figures[index];
        if (figure !== undefined) setText(figure, formatNumber(columns.impact[category][column] ?? null));
      }
      setText(rate, formatNumber(columns.requestsPerSecond[column] ?? null));
      const texts = eventsAt(columns, column, marks);
      setText(events, texts.join("\n"));
      setHidden(events, texts.length === 0);
      const { offsetWidth } = root;
      setStyle(root, "left", `${pixel + 12 + offsetWidth > width ? pixel - 12 - offsetWidth : pixel + 12}px`);
    },
  };
}

function eventsAt({ atMs }: Columns, column: number, marks: readonly SeriesMark[]): string[] {
  const half = ((atMs[1] ?? 0) - (atMs[0] ?? 0)) / 2;
  const at = atMs[column] ?? 0;
  const texts = marks.filter((mark) => mark.atMs >= at - half && mark.atMs < at + half).map(markText);
  const more = texts.length - MOST_EVENTS;
  return more > 0 ? [...texts.slice(0, MOST_EVENTS), t("{0} more", more)] : texts;
}
