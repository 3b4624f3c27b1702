// Model: sites as the report shows them, ranked over all four categories by what they cost a request.

import { CATEGORIES, type Category, KINDS, UNIT_OF } from "../protocol/categories.ts";
import type { Confidence, Hotspot, Location } from "../protocol/report.ts";
import { heaviest, type SiteEstimate } from "./estimate.ts";
import type { Sites } from "./sites.ts";
import type { Sums } from "./sums.ts";

export function categoryOf(estimate: Pick<SiteEstimate, "kind">): Category {
  return KINDS[estimate.kind];
}

/** @param workers indices into the profile's workers, in the order of the report's */
export function hotspotsOf(
  estimates: readonly SiteEstimate[],
  sums: Sums,
  sites: Sites,
  workers: readonly number[],
  top = Number.POSITIVE_INFINITY,
): Hotspot[] {
  const totals = new Map<Category, number>(CATEGORIES.map((category) => [category, 0]));
  for (const estimate of estimates) {
    totals.set(categoryOf(estimate), (totals.get(categoryOf(estimate)) ?? 0) + estimate.amount);
  }
  const toHotspot = (estimate: SiteEstimate): Hotspot => {
    const { kind, site, callee, count, amount, samples, relativeError } = estimate;
    const category = categoryOf(estimate);
    const share = amount / (totals.get(category) || amount);
    const micros = impactMicros(estimate, share, sums);
    return {
      category,
      kind,
      file: site.file,
      line: site.line,
      column: site.column,
      function: site.function,
      callee,
      count,
      amount,
      unit: UNIT_OF[category],
      perRequest: perRequest(amount, sums),
      share,
      impactMicrosPerRequest: perRequest(micros, sums),
      samples,
      relativeError,
      confidence: confidenceOf(estimate),
      holder: holderOf(estimate, sites),
      stack: estimate.stack === 0 ? [] : sites.locations(estimate.stack),
      byWorker: workers.map((worker) => estimate.byWorker.get(worker) ?? 0),
    };
  };
  return estimates.map(toHotspot).sort(byImpact).slice(0, top);
}

/** Collections' pauses are shared among allocating sites by their bytes. */
function impactMicros(estimate: SiteEstimate, share: number, sums: Sums): number | null {
  if (estimate.micros === null) return null;
  return categoryOf(estimate) === "allocations" ? estimate.micros + share * sums.gcMicros : estimate.micros;
}

function confidenceOf({ exact, inferred }: SiteEstimate): Confidence {
  if (inferred) return "inferred";
  return exact ? "exact" : "sampled";
}

function holderOf(estimate: SiteEstimate, sites: Sites): Location | null {
  if (categoryOf(estimate) !== "locks") return null;
  const named = new Map(
    [...estimate.holders].filter(([stack]) => stack !== 0 && sites.of(stack).file !== ""),
  );
  const stack = heaviest(named);
  if (stack === undefined) return null;
  const { file, line, column, function: name } = sites.of(stack);
  return { file, line, column, function: name };
}

function byImpact(a: Hotspot, b: Hotspot): number {
  return (b.impactMicrosPerRequest ?? -1) - (a.impactMicrosPerRequest ?? -1) || b.share - a.share;
}

/** Null where there is nothing to divide or nothing to divide by. */
export function perRequest(amount: number | null, sums: Pick<Sums, "requests">): number | null {
  return amount === null || sums.requests <= 0 ? null : amount / sums.requests;
}
