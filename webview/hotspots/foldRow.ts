// Panel, hotspots: the row that stands for all sites below the threshold.

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
    return `${sites} more: ${impact(processorMicros)} µs/req processor, ${impact(waitingMicros)} waiting`;
  if (waitingMicros !== null) return `${sites} more: ${impact(waitingMicros)} µs/req waiting`;
  return `${sites} more: ${impact(processorMicros)} µs/req processor`;
}
