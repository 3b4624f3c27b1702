// Panel, hotspots: the flame graph as a table, its heaviest frames in the order they stand, for who cannot see it.

import { formatShare } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import { element, setText } from "../element.ts";
import { functionName, place } from "../words.ts";
import type { FlameContext } from "./flameFrame.ts";
import { type TreeNode, UNIT_TEXT, valueText } from "./tree.ts";

const MOST_ROWS = 60;

export function makeFlameTwin() {
  const body = element("tbody");
  const caption = element("caption");
  const unitHead = element("th", "", [], { scope: "col" });
  const head = element("tr", "", [
    element("th", "", [t("Depth")], { scope: "col" }),
    element("th", "", [t("Function")], { scope: "col" }),
    element("th", "", [t("Place")], { scope: "col" }),
    unitHead,
    element("th", "", [t("Share")], { scope: "col" }),
  ]);
  const root = element("table", "flame-twin", [caption, element("thead", "", [head]), body]);
  let drawn = "";
  return {
    root,
    /** @param words the category within a sentence */
    show(nodes: readonly TreeNode[], { unit, whole, category }: FlameContext, words: string): void {
      const least = [...nodes].sort((a, b) => b.value - a.value)[MOST_ROWS - 1]?.value ?? 0;
      const rows = nodes
        .filter(({ value }) => value >= least)
        .slice(0, MOST_ROWS)
        .map(({ frame, depth, value }) => [
          `${depth}`,
          frame === null ? category : functionName(frame.function),
          frame === null ? "" : place(frame),
          valueText(value, unit),
          whole > 0 ? formatShare(value / whole) : "",
        ]);
      const now = JSON.stringify(rows);
      if (now === drawn) return;
      drawn = now;
      setText(caption, t("Flame graph of {0}", words));
      setText(unitHead, UNIT_TEXT[unit]);
      body.replaceChildren(
        ...rows.map((cells) =>
          element(
            "tr",
            "",
            cells.map((cell) => element("td", "", [cell])),
          ),
        ),
      );
    },
  };
}
