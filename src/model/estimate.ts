// Model: sites' amounts, estimated from samples and scaled to the exact totals stratum by stratum; what no sample
// names a line for is kept as unknown, so that sites always add up to the totals.

import type { Calibration } from "../protocol/calibration.ts";
import type { Kind, LockBasis } from "../protocol/categories.ts";
import type { Location } from "../protocol/report.ts";
import { allocationLines, type FunctionLines, type LineBasis } from "./allocationLines.ts";
import { Amounts } from "./amounts.ts";
import { cellMicros } from "./cost.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { type Site, Sites, UNKNOWN_SITE } from "./sites.ts";
import { type Elsewhere, type Stratum, siteKey, stratify } from "./strata.ts";
import type { Sums } from "./sums.ts";
import type { SiteTally } from "./tally.ts";
import { isComplete, Variance, varianceOf } from "./variance.ts";

/** Fewer samples have no ± (field-notes: the interval would not hold). */
export const LEAST_SAMPLES = 5;
/** Where fewer samples would be kept if all were, none says nothing. */
const LEAST_KEPT = 20;
/** Less of a function than this that is no line's is its lines' rounding. */
const LEAST_REST = 1e-6;

/** What is still in use a while after it was allocated; an estimate of its own samples. */
export interface Kept {
  /** Bytes of the scope's. */
  readonly amount: number;
  readonly samples: number;
}

export interface SiteEstimate {
  readonly kind: Kind;
  /** Of locks, else null. */
  readonly basis: LockBasis | null;
  readonly callee: string;
  readonly site: Site;
  readonly count: number;
  readonly amount: number;
  /** By calibration, garbage collection left out; null without a price. */
  readonly micros: number | null;
  readonly samples: number;
  readonly relativeError: number | null;
  /** Every event was sampled. */
  readonly exact: boolean;
  /** Its share was seen outside the scope. */
  readonly inferred: boolean;
  /** Amount by index into the profile's workers. */
  readonly byWorker: Amounts<number>;
  /** The stack with the most of it, 0: none. */
  readonly stack: number;
  /** Samples' amount by stack: shares of it, which need not add up to `amount`. */
  readonly stacks: Amounts<number>;
  /** Amount by the holder's stack; 0: no holder known. */
  readonly holders: Amounts<number>;
  /** Of objects: how the line is known, and what else is known of its function. */
  readonly objects: (Pick<FunctionLines, "sizes" | "candidates"> & { readonly basis: LineBasis }) | null;
  /** Of objects; null where it was not looked for, or where too little of the site would have been seen to tell. */
  readonly kept: Kept | null;
}

export function estimateSites(
  profile: Profile,
  windows: readonly ProfileWindow[],
  sums: Sums,
  sites = new Sites(profile),
  elsewhere: Elsewhere = { before: [], others: profile.windows },
): SiteEstimate[] {
  const groups = new Map<string, Group>();
  const lines = allocationLines(profile, sites);
  for (const stratum of stratify(profile, windows, sums, sites, elsewhere)) {
    for (const [key, tally] of stratum.sites) {
      for (const part of partsOf(stratum.kind, tally, lines.get(key), sites))
        addTo(
          groups,
          part.objects === null ? key : siteKey(stratum.kind, part.tally.site, "", null),
          stratum,
          part,
          profile.calibration,
        );
    }
    if (stratum.all.amount === 0) addUnattributed(groups, stratum, profile.calibration);
  }
  return [...groups.values()].map(finish).filter((estimate) => estimate.amount > 0);
}

interface Part {
  readonly tally: SiteTally;
  readonly objects: SiteEstimate["objects"];
}

/** A function's objects by line, where lines are known. */
function partsOf(kind: Kind, tally: SiteTally, known: FunctionLines | undefined, sites: Sites): Part[] {
  if (kind !== "objects") return [{ tally, objects: null }];
  const { sizes = [], candidates = [], lines = [], basis = "function" } = known ?? {};
  const named = lines.filter(({ share }) => share > 0);
  if (named.length === 0) return [{ tally, objects: { sizes, candidates, basis: "function" } }];
  const isOwn = (stack: number) => sites.of(stack).own;
  const parts: Part[] = named.map(({ line, column, share, sizes: own }) => ({
    tally: tally.part(share, { ...tally.site, line, column, own: true }, isOwn),
    objects: { sizes: own, candidates, basis },
  }));
  const rest = 1 - named.reduce((sum, { share }) => sum + share, 0);
  // What the function calls allocates it.
  if (rest > LEAST_REST)
    parts.push({
      tally: tally.part(rest, { ...tally.site, own: false }, (stack) => !isOwn(stack)),
      objects: { sizes: [], candidates: [], basis: "function" },
    });
  return parts;
}

interface Group {
  readonly kind: Kind;
  readonly basis: LockBasis | null;
  site: Site;
  heaviest: number;
  count: number;
  amount: number;
  micros: number | null;
  samples: number;
  readonly variance: Variance;
  exact: boolean;
  inferred: boolean;
  readonly byWorker: Amounts<number>;
  readonly stacks: Amounts<number>;
  readonly holders: Amounts<number>;
  readonly callees: Amounts<string>;
  objects: SiteEstimate["objects"];
  readonly kept: { amount: number; samples: number };
  /** As many kept samples as there would be if all were kept. */
  keptAtMost: number;
}

function groupOf(groups: Map<string, Group>, key: string, { kind, basis }: Stratum, site: Site): Group {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group: Group = {
    kind,
    basis,
    site,
    heaviest: 0,
    count: 0,
    amount: 0,
    micros: 0,
    samples: 0,
    variance: new Variance(),
    exact: true,
    inferred: false,
    byWorker: new Amounts(),
    stacks: new Amounts(),
    holders: new Amounts(),
    callees: new Amounts(),
    objects: null,
    kept: { amount: 0, samples: 0 },
    keptAtMost: 0,
  };
  groups.set(key, group);
  return group;
}

function addTo(
  groups: Map<string, Group>,
  key: string,
  stratum: Stratum,
  { tally, objects }: Part,
  calibration: Calibration | null,
): void {
  const { exact, all, kind } = stratum;
  if (all.amount <= 0) return;
  const group = groupOf(groups, key, stratum, tally.site);
  const share = tally.amount / all.amount;
  const scale = exact.amount / all.amount;
  const amount = exact.amount * share;
  if (amount > group.heaviest) {
    group.heaviest = amount;
    group.site = tally.site;
    group.objects = objects;
  }
  group.amount += amount;
  group.count += all.count > 0 ? exact.count * (tally.count / all.count) : 0;
  group.samples += tally.samples;
  const micros = cellMicros(calibration, kind, exact);
  group.micros = micros === null || group.micros === null ? null : group.micros + micros * share;
  const complete = isComplete(stratum);
  group.exact &&= complete;
  group.inferred ||= stratum.inferred;
  if (!complete) group.variance.add(varianceOf(stratum, tally), all.effective);
  if (stratum.keptOf > 0) {
    group.kept.amount += (exact.amount * tally.keptBytes) / stratum.keptOf;
    group.kept.samples += tally.keptSamples;
    group.keptAtMost += (tally.samples * stratum.keptOf) / all.amount;
  }
  group.byWorker.addAll(tally.byWorker, scale);
  group.stacks.addAll(tally.stacks, scale);
  group.holders.addAll(tally.holders, scale);
  group.callees.addAll(tally.callees, scale);
}

/** An amount that no sample names a line for. */
function addUnattributed(
  groups: Map<string, Group>,
  stratum: Stratum,
  calibration: Calibration | null,
): void {
  const { exact, kind, callee, basis } = stratum;
  if (exact.amount <= 0) return;
  const group = groupOf(groups, siteKey(kind, UNKNOWN_SITE, callee, basis), stratum, UNKNOWN_SITE);
  // Its amount is exact, but what is unknown about it is all that a site is for.
  group.exact = false;
  group.count += exact.count;
  group.amount += exact.amount;
  const micros = cellMicros(calibration, kind, exact);
  group.micros = micros === null || group.micros === null ? null : group.micros + micros;
  group.callees.add(callee, exact.amount);
}

function finish(group: Group): SiteEstimate {
  const { kind, basis, site, count, amount, micros, samples, exact, inferred, byWorker, holders } = group;
  const few = samples < LEAST_SAMPLES && !exact;
  return {
    kind,
    basis,
    callee: calleeOf(group),
    site,
    count,
    amount,
    micros,
    samples: Math.round(samples),
    relativeError: few ? null : exact ? 0 : group.variance.halfWidth / amount,
    exact,
    inferred,
    byWorker,
    stack: group.stacks.heaviest() ?? 0,
    stacks: group.stacks,
    holders,
    objects: group.objects,
    kept: group.keptAtMost < LEAST_KEPT ? null : group.kept,
  };
}

/** A function's objects come from many calls of it: one is named where most of the bytes are its own. */
function calleeOf({ kind, callees, amount }: Group): string {
  const callee = callees.heaviest() ?? "";
  return kind === "objects" && (callees.get(callee) ?? 0) < amount / 2 ? "" : callee;
}

/** The line with the most of what is told by stacks, null when none is known. */
export function placeWithMost(amounts: Amounts<number>, sites: Sites): Location | null {
  const stack = amounts.heaviest((each) => each !== 0 && sites.of(each).file !== "");
  if (stack === undefined) return null;
  const { file, line, column, function: name } = sites.of(stack);
  return { file, line, column, function: name };
}
