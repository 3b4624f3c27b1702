// Panel: the change of a category against the equal span before the scope. Pure.

import type { Category } from "../src/protocol/categories.ts";
import type { Series } from "../src/protocol/panel.ts";

const MIN_STEPS = 5;

export type Trend = { readonly change: number; readonly steady: boolean } | null;

/** Null when there is no span before, or too little of it. `change` is relative: 0.03 is 3 % more. */
export function trendOf(series: Series, category: Category, fromMs: number, toMs: number): Trend {
  const now = mean(series, category, fromMs, toMs);
  const before = mean(series, category, fromMs - (toMs - fromMs), fromMs);
  if (now === null || before === null || before.mean <= 0) return null;
  const change = now.mean / before.mean - 1;
  const error = 1.96 * Math.hypot(now.error, before.error);
  return { change, steady: Math.abs(now.mean - before.mean) <= error || Math.abs(change) < 0.005 };
}

/** Mean a request, so steps weigh by their requests; the error is that of the mean over the steps. */
function mean(
  series: Series,
  category: Category,
  fromMs: number,
  toMs: number,
): { mean: number; error: number } | null {
  let weight = 0;
  let weightSquared = 0;
  let sum = 0;
  let squares = 0;
  let steps = 0;
  const warmupEnd = Math.max(
    0,
    ...series.marks.filter(({ kind }) => kind === "warmup").map(({ atMs }) => atMs),
  );
  for (const [index, atMs] of series.atMs.entries()) {
    if (atMs < Math.max(fromMs, warmupEnd) || atMs >= toMs) continue;
    const value = series.impact[category][index] ?? null;
    const requests = series.requestsPerSecond[index] ?? null;
    if (value === null || requests === null || requests <= 0) continue;
    steps += 1;
    weight += requests;
    weightSquared += requests * requests;
    sum += requests * value;
    squares += requests * value * value;
  }
  if (steps < MIN_STEPS || steps * series.stepMs < 0.5 * (toMs - fromMs)) return null;
  const average = sum / weight;
  const variance = Math.max(0, squares / weight - average * average);
  return { mean: average, error: Math.sqrt((variance * weightSquared) / (weight * weight)) };
}
