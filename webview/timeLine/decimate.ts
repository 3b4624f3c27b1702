// Panel, time line: which steps are drawn where there are more than the width can show: of each column the lowest and the
// highest, so that no spike is averaged away. Pure.

import { PROCESSOR_CATEGORIES } from "../../src/model/format.ts";
import type { Category } from "../../src/protocol/categories.ts";
import type { Series } from "../../src/protocol/panel.ts";
import type { Columns } from "./columns.ts";

/**
 * At most two steps of each of `limit` columns, in order; all of them where there is room. Columns begin at multiples of
 * their width, a power of two, so that what was drawn stays as it is while the session grows.
 */
export function extremes(values: readonly (number | null)[], limit: number): number[] {
  let width = 1;
  while (values.length / width > limit) width *= 2;
  if (width <= 2) return [...values.keys()];
  const picked: number[] = [];
  for (let start = 0; start < values.length; start += width) {
    let [low, high] = [-1, -1];
    for (let at = start; at < Math.min(values.length, start + width); at++) {
      const value = values[at] ?? null;
      if (value === null) continue;
      if (low < 0 || value < (values[low] ?? 0)) low = at;
      if (high < 0 || value > (values[high] ?? 0)) high = at;
    }
    // Nothing was measured there: the gap stands.
    if (low < 0) picked.push(start);
    else if (low === high) picked.push(low);
    else picked.push(Math.min(low, high), Math.max(low, high));
  }
  return picked;
}

/** Processor time of the shown categories, step by step; null where nothing was measured. */
export function processorOf({ atMs, impact }: Series, hidden: readonly Category[]): (number | null)[] {
  return atMs.map((_, at) => {
    let sum: number | null = null;
    for (const category of PROCESSOR_CATEGORIES) {
      const value = impact[category][at] ?? null;
      if (value !== null) sum = (sum ?? 0) + (hidden.includes(category) ? 0 : value);
    }
    return sum;
  });
}

/** These steps, each at its middle. */
export function stepsAt(series: Series, picked: readonly number[]): Columns {
  const of = (values: readonly (number | null)[]) => picked.map((at) => values[at] ?? null);
  return {
    atMs: picked.map((at) => (series.atMs[at] ?? 0) + series.stepMs / 2),
    requestsPerSecond: of(series.requestsPerSecond),
    impact: {
      copies: of(series.impact.copies),
      switches: of(series.impact.switches),
      allocations: of(series.impact.allocations),
      locks: of(series.impact.locks),
    },
  };
}
