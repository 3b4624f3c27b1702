// Panel, hotspots: the row that stands for all sites below the threshold.

import { t } from "../../src/model/l10n.ts";
import { element, setAttribute, setText } from "../element.ts";
import { impact } from "../figures.ts";
import { icon } from "../icons.ts";
import type { Sums } from "./ranking.ts";

/** Two sums, one of each kind of time. */
export function makeFold() {
  const text = element("span", "fold-text");
  const cell = element("span", "fold-cell", [icon("chevron"), text], { role: "gridcell" });
  const root = element("div", "row fold-row", [cell], { role: "row", tabindex: "-1" });
  return {
    root,
    show(sums: Sums, unfolded: boolean): void {
      setText(text, foldText(sums));
      setAttribute(root, "aria-expanded", `${unfolded}`);
    },
  };
}

function foldText({ sites, processor, waiting }: Sums): string {
  if (processor !== null && waiting !== null)
    return t(
      "{0} more: {1} µs/req processor, {2} waiting",
      sites,
      impact(processor.micros),
      impact(waiting.micros),
    );
  if (waiting !== null) return t("{0} more: {1} µs/req waiting", sites, impact(waiting.micros));
  return t("{0} more: {1} µs/req processor", sites, impact(processor?.micros ?? null));
}
