// Panel and comparison: the bar of a budget: what categories take of a whole, one beside the other.

import { isWaiting } from "../src/model/format.ts";
import type { Category } from "../src/protocol/categories.ts";
import { element, setAttribute, setStyle } from "./element.ts";

export interface BudgetShown {
  /** Microseconds a request; null: not known. */
  partMicros(category: Category): number | null;
  readonly takenMicros: number | null;
  /** Null: the bar stays empty, as a part of what is not known has no length. */
  readonly wholeMicros: number | null;
  readonly label: string;
}

export function makeBudgetBar(categories: readonly Category[]) {
  const parts = categories.map((category) => ({
    category,
    part: element("span", `budget-part of-${category}${isWaiting(category) ? " hatched" : ""}`),
  }));
  const root = element(
    "div",
    "budget-bar",
    parts.map(({ part }) => part),
    { role: "img" },
  );
  return {
    root,
    show({ partMicros, takenMicros, wholeMicros, label }: BudgetShown): void {
      const scale = wholeMicros === null ? 0 : Math.max(wholeMicros, takenMicros ?? 0);
      for (const { category, part } of parts) {
        const share = scale > 0 ? (partMicros(category) ?? 0) / scale : 0;
        setStyle(part, "width", share > 0 ? `${(100 * share).toFixed(2)}%` : "0");
      }
      setAttribute(root, "aria-label", label);
    },
  };
}
