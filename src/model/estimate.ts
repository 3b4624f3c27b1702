// Model: sites' amounts, estimated from samples and scaled to the exact totals. Samples are post-stratified by
// operation and size class, pooled over workers and windows: their weights already hold how likely each was,
// and a finer stratum would only lose amounts to strata without a sample. docs/figures.md has the statistics.

import type { Kind } from "../protocol/categories.ts";
import type { Calibration } from "../protocol/report.ts";
import { cellMicros } from "./cost.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { type Site, Sites, UNKNOWN_SITE } from "./sites.ts";
import { type Cell, cellKey, type Sums } from "./sums.ts";

const Z = 1.96;
/** Fewer samples have no ± (field-notes: the interval would not hold). */
export const LEAST_SAMPLES = 5;

export interface SiteEstimate {
  readonly kind: Kind;
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
  readonly byWorker: ReadonlyMap<number, number>;
  /** The stack with the most of it, 0: none. */
  readonly stack: number;
  /** Amount by the holder's stack; 0: no holder known. */
  readonly holders: ReadonlyMap<number, number>;
}

/** Summed sample rows. `squares` is the sum of amount²/samples, from which the effective number of samples follows. */
class Tally {
  samples = 0;
  count = 0;
  amount = 0;
  squares = 0;

  add(samples: number, count: number, amount: number): void {
    this.samples += samples;
    this.count += count;
    this.amount += amount;
    if (samples > 0) this.squares += (amount * amount) / samples;
  }
  /** As many equal samples would be as good as these unequal ones. */
  get effective(): number {
    return this.squares > 0
      ? Math.min(this.samples, (this.amount * this.amount) / this.squares)
      : this.samples;
  }
}
class SiteTally extends Tally {
  readonly byWorker = new Map<number, number>();
  readonly stacks = new Map<number, number>();
  readonly holders = new Map<number, number>();
  readonly callees = new Map<string, number>();
  constructor(readonly site: Site) {
    super();
  }
}
interface Stratum {
  readonly kind: Kind;
  readonly callee: string;
  readonly exact: Cell;
  readonly all: Tally;
  readonly sites: Map<string, SiteTally>;
  readonly inferred: boolean;
}

/** @param elsewhere windows to take the heap's shares from when the scope has no heap samples of its own */
export function estimateSites(
  profile: Profile,
  windows: readonly ProfileWindow[],
  sums: Sums,
  calibration: Calibration | null,
  sites = new Sites(profile),
  elsewhere: readonly ProfileWindow[] = profile.windows,
): SiteEstimate[] {
  const strata = stratify(profile, sums);
  for (const window of windows) addSamples(profile, strata, sites, window, false);
  const heap = strata.get(HEAP);
  if (heap !== undefined && heap.exact.amount > 0 && heap.all.amount === 0) {
    strata.set(HEAP, { ...heap, all: new Tally(), sites: new Map(), inferred: true });
    for (const window of elsewhere) addSamples(profile, strata, sites, window, true);
  }
  const groups = new Map<string, Group>();
  for (const stratum of strata.values()) {
    for (const [key, tally] of stratum.sites) addTo(groups, key, stratum, tally, calibration);
    if (stratum.all.amount === 0) addUnattributed(groups, stratum, calibration);
  }
  return [...groups.values()].map(finish).filter((estimate) => estimate.amount > 0);
}

/** One stratum of all heap samples: their size classes need not match the total's. */
const HEAP = -1;

function stratify(profile: Profile, sums: Sums): Map<number, Stratum> {
  const strata = new Map<number, Stratum>();
  for (const [key, cell] of sums.cells) {
    const operation = profile.operations[cell.operation];
    if (operation === undefined) continue;
    const { kind, callee } = operation;
    const heap = kind === "objects";
    const known = heap ? strata.get(HEAP) : undefined;
    if (known !== undefined) {
      known.exact.count += cell.count;
      known.exact.amount += cell.amount;
      continue;
    }
    strata.set(heap ? HEAP : key, {
      kind,
      callee,
      exact: { ...cell },
      all: new Tally(),
      sites: new Map(),
      inferred: false,
    });
  }
  return strata;
}

function addSamples(
  profile: Profile,
  strata: Map<number, Stratum>,
  sites: Sites,
  window: ProfileWindow,
  heapOnly: boolean,
): void {
  for (const [id, sizeClass, stack, holder, samples, count, amount] of window.samples) {
    const operation = profile.operations[id];
    if (operation === undefined) continue;
    const heap = operation.kind === "objects";
    if (heapOnly && !heap) continue;
    const stratum = strata.get(heap ? HEAP : cellKey(id, sizeClass));
    if (stratum === undefined) continue;
    const site = sites.of(stack);
    const callee = site.callee ?? operation.callee;
    // A heap sample names a function, so all that the function calls are one site.
    const key = siteKey(operation.kind, site, heap ? "" : callee);
    let tally = stratum.sites.get(key);
    if (tally === undefined) {
      tally = new SiteTally(site);
      stratum.sites.set(key, tally);
    }
    stratum.all.add(samples, count, amount);
    tally.add(samples, count, amount);
    bump(tally.byWorker, window.worker, amount);
    bump(tally.stacks, stack, amount);
    bump(tally.holders, holder, amount);
    bump(tally.callees, callee, amount);
  }
}

function siteKey(kind: Kind, site: Site, callee: string): string {
  // The line tells which function it is; only functions' first lines (heap samples) and no line at all need the name.
  const name = kind === "objects" || site.file === "" ? site.function : "";
  return `${kind}\n${site.file}\n${site.line}\n${name}\n${callee}`;
}

interface Group {
  readonly kind: Kind;
  site: Site;
  heaviest: number;
  count: number;
  amount: number;
  micros: number | null;
  samples: number;
  variance: number;
  exact: boolean;
  inferred: boolean;
  readonly byWorker: Map<number, number>;
  readonly stacks: Map<number, number>;
  readonly holders: Map<number, number>;
  readonly callees: Map<string, number>;
}

function groupOf(groups: Map<string, Group>, key: string, kind: Kind, site: Site): Group {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group: Group = {
    kind,
    site,
    heaviest: 0,
    count: 0,
    amount: 0,
    micros: 0,
    samples: 0,
    variance: 0,
    exact: true,
    inferred: false,
    byWorker: new Map(),
    stacks: new Map(),
    holders: new Map(),
    callees: new Map(),
  };
  groups.set(key, group);
  return group;
}

function addTo(
  groups: Map<string, Group>,
  key: string,
  stratum: Stratum,
  tally: SiteTally,
  calibration: Calibration | null,
): void {
  const { exact, all, kind } = stratum;
  if (all.amount <= 0) return;
  const group = groupOf(groups, key, kind, tally.site);
  const share = tally.amount / all.amount;
  const scale = exact.amount / all.amount;
  const amount = exact.amount * share;
  if (amount > group.heaviest) {
    group.heaviest = amount;
    group.site = tally.site;
  }
  group.amount += amount;
  group.count += all.count > 0 ? exact.count * (tally.count / all.count) : 0;
  group.samples += tally.samples;
  const micros = cellMicros(calibration, kind, exact);
  group.micros = micros === null || group.micros === null ? null : group.micros + micros * share;
  const complete = isComplete(stratum);
  group.exact &&= complete;
  group.inferred ||= stratum.inferred;
  if (!complete) group.variance += variance(stratum, share);
  for (const [worker, value] of tally.byWorker) bump(group.byWorker, worker, value * scale);
  for (const [stack, value] of tally.stacks) bump(group.stacks, stack, value * scale);
  for (const [holder, value] of tally.holders) bump(group.holders, holder, value * scale);
  for (const [callee, value] of tally.callees) bump(group.callees, callee, value * scale);
}

/** An amount that no sample names a line for. */
function addUnattributed(
  groups: Map<string, Group>,
  stratum: Stratum,
  calibration: Calibration | null,
): void {
  const { exact, kind, callee } = stratum;
  if (exact.amount <= 0) return;
  const group = groupOf(
    groups,
    siteKey(kind, UNKNOWN_SITE, kind === "objects" ? "" : callee),
    kind,
    UNKNOWN_SITE,
  );
  group.count += exact.count;
  group.amount += exact.amount;
  const micros = cellMicros(calibration, kind, exact);
  group.micros = micros === null || group.micros === null ? null : group.micros + micros;
  bump(group.callees, callee, exact.amount);
}

function isComplete({ kind, exact, all }: Stratum): boolean {
  return (
    kind !== "objects" &&
    Math.abs(exact.count - all.samples) < 0.5 &&
    Math.abs(all.count - all.samples) < 1e-6 * all.samples
  );
}

/**
 * Of a site's amount in one stratum: Agresti and Coull's adjusted binomial, so that a site that has all samples
 * of its stratum still has an error, times what was left unsampled.
 */
function variance({ exact, all, kind }: Stratum, share: number): number {
  const n = all.effective;
  const p = (n * share + 2) / (n + 4);
  const unsampled = kind === "objects" || exact.count <= 0 ? 1 : Math.max(0, 1 - all.samples / exact.count);
  return (exact.amount * exact.amount * p * (1 - p) * unsampled) / (n + 4);
}

function finish(group: Group): SiteEstimate {
  const { kind, site, count, amount, micros, samples, exact, inferred, byWorker, holders } = group;
  const few = samples < LEAST_SAMPLES && !exact;
  return {
    kind,
    callee: heaviest(group.callees) ?? "",
    site,
    count,
    amount,
    micros,
    samples,
    relativeError: few ? null : exact ? 0 : (Z * Math.sqrt(group.variance)) / amount,
    exact,
    inferred,
    byWorker,
    stack: heaviest(group.stacks) ?? 0,
    holders,
  };
}

function bump<K>(map: Map<K, number>, key: K, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}

export function heaviest<K>(map: ReadonlyMap<K, number>): K | undefined {
  let best: K | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const [key, amount] of map) {
    if (amount > most) [best, most] = [key, amount];
  }
  return best;
}
