// Model: sites as the report shows them, ranked over all four categories by what they cost a request.

import { type Category, isContention, KINDS, UNIT_OF } from "../protocol/categories.ts";
import type { Confidence, Hotspot, Location } from "../protocol/report.ts";
import { LEAST_SAMPLES, placeWithMost, type SiteEstimate } from "./estimate.ts";
import { keptBytes, microsWithPauses, pausesOf, type SitePauses } from "./pauses.ts";
import type { Sites } from "./sites.ts";
import { bump, siteKey } from "./strata.ts";
import type { Sums } from "./sums.ts";
import { Z } from "./variance.ts";
import { NO_WAIT_FACTS, type WaitFacts } from "./waits.ts";

export function categoryOf(estimate: Pick<SiteEstimate, "kind">): Category {
  return KINDS[estimate.kind];
}

/**
 * @param workers indices into the profile's workers, in the order of the report's
 * @param top further ones have no `stack`: of tens of thousands they take longer than all the rest
 */
export function hotspotsOf(
  estimates: readonly SiteEstimate[],
  sums: Sums,
  sites: Sites,
  workers: readonly number[],
  waits: ReadonlyMap<string, WaitFacts>,
  routes: ReadonlyMap<string, Hotspot["routes"]>,
  top = Number.POSITIVE_INFINITY,
): Hotspot[] {
  const totals = new Map<string, number>();
  // What is no contention is in no total, and shared out by itself.
  const wholeOf = (estimate: SiteEstimate) => `${categoryOf(estimate)} ${isContention(estimate.basis)}`;
  for (const estimate of estimates) bump(totals, wholeOf(estimate), estimate.amount);
  const pauses = pausesOf(estimates, sums);
  const toHotspot = (estimate: SiteEstimate): Hotspot => {
    const { kind, basis, site, callee, count, amount, samples, relativeError } = estimate;
    const category = categoryOf(estimate);
    const share = amount / (totals.get(wholeOf(estimate)) || amount);
    const holder = holderOf(estimate, sites);
    const key = siteKey(kind, site, callee, basis);
    const known = waits.get(key) ?? NO_WAIT_FACTS;
    const pause = pauses.get(estimate) ?? null;
    const micros = microsWithPauses(estimate, pauses);
    return {
      category,
      kind,
      file: site.file,
      line: site.line,
      column: site.column,
      function: site.function,
      callee,
      dependency: site.dependency,
      count,
      amount,
      unit: UNIT_OF[category],
      perRequest: perRequest(amount, sums),
      share,
      impactMicrosPerRequest: perRequest(micros, sums),
      samples,
      relativeError,
      confidence: confidenceOf(estimate),
      holder,
      basis,
      ...known,
      releaser: sameLine(known.releaser, holder) ? null : known.releaser,
      routes: routes.get(key) ?? [],
      stack: [],
      byWorker: workers.map((worker) => estimate.byWorker.get(worker) ?? 0),
      ...objectsOf(estimate),
      ...(pause === null ? {} : { pauses: pausesPerRequest(pause, sums) }),
      ...(estimate.kind === "objects" ? { kept: keptOf(estimate, sums) } : {}),
    };
  };
  const ranked = estimates.map((estimate) => ({ estimate, hotspot: toHotspot(estimate) }));
  return ranked
    .sort((a, b) => byImpact(a.hotspot, b.hotspot))
    .map(({ estimate, hotspot }, rank) =>
      rank < top ? { ...hotspot, stack: stackOf(estimate, sites) } : hotspot,
    );
}

/** Heap samples name where functions begin: the innermost frame is at the line that is known better. */
export function stackOf({ stack, site, objects }: SiteEstimate, sites: Sites): Location[] {
  if (stack === 0) return [];
  const locations = sites.locations(stack);
  const [innermost, ...callers] = locations;
  if (innermost === undefined || objects === null || objects.basis === "function") return locations;
  return [{ ...innermost, line: site.line, column: site.column }, ...callers];
}

function objectsOf({ objects, amount }: SiteEstimate): Pick<Hotspot, "lineBasis" | "sizes" | "candidates"> {
  if (objects === null) return {};
  const { basis, sizes, candidates } = objects;
  return {
    lineBasis: basis,
    candidates,
    sizes: sizes.map(({ bytes, part }) => ({ bytes, count: (part * amount) / bytes })),
  };
}

function pausesPerRequest({ young, full, byKept }: SitePauses, sums: Sums): NonNullable<Hotspot["pauses"]> {
  return {
    youngMicrosPerRequest: perRequest(young, sums),
    fullMicrosPerRequest: perRequest(full, sums),
    fullBasis: byKept ? "kept bytes" : "bytes",
  };
}

/** The error is of the share: that of what is kept and that of the site. */
function keptOf(estimate: SiteEstimate, sums: Sums): NonNullable<Hotspot["kept"]> | null {
  if (estimate.kept === null) return null;
  const samples = Math.round(estimate.kept.samples);
  const bytes = keptBytes(estimate);
  return {
    share: bytes / estimate.amount,
    bytesPerRequest: perRequest(bytes, sums),
    samples,
    relativeError:
      samples < LEAST_SAMPLES || estimate.relativeError === null
        ? null
        : Math.hypot(Z / Math.sqrt(samples), estimate.relativeError),
  };
}

export function confidenceOf({ exact, inferred }: SiteEstimate): Confidence {
  if (inferred) return "inferred";
  return exact ? "exact" : "sampled";
}

function holderOf(estimate: SiteEstimate, sites: Sites): Location | null {
  if (categoryOf(estimate) !== "locks") return null;
  return placeWithMost(estimate.holders, sites);
}

function sameLine(a: Location | null, b: Location | null): boolean {
  return a !== null && a.file === b?.file && a.line === b.line;
}

function byImpact(a: Hotspot, b: Hotspot): number {
  return (b.impactMicrosPerRequest ?? -1) - (a.impactMicrosPerRequest ?? -1) || b.share - a.share;
}

/** Null where there is nothing to divide or nothing to divide by. */
export function perRequest(amount: number | null, sums: Pick<Sums, "requests">): number | null {
  return amount === null || sums.requests <= 0 ? null : amount / sums.requests;
}
