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

export function foldText({ sites, processorMicros, waitingMicros }: Sums): string {
  if (processorMicros !== null && waitingMicros !== null)
    return t(
      "{0} more: {1} µs/req processor, {2} waiting",
      sites,
      impact(processorMicros),
      impact(waitingMicros),
    );
  if (waitingMicros !== null) return t("{0} more: {1} µs/req waiting", sites, impact(waitingMicros));
  return t("{0} more: {1} µs/req processor", sites, impact(processorMicros));
}
