// Model: what a request of each route costs, from the samples of requests that were followed, scaled as sites are to the
// exact totals stratum by stratum. docs/figures.md has the formulas.

import type { Calibration } from "../protocol/calibration.ts";
import { isContention, KINDS } from "../protocol/categories.ts";
import type { IoReport } from "../protocol/report.ts";
import type { RouteCost, RouteCosts } from "../protocol/requests.ts";
import type { RequestRow } from "../protocol/window.ts";
import { cellMicros, isMeasured } from "./cost.ts";
import { LEAST_SAMPLES } from "./estimate.ts";
import { movedBytes } from "./io.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { type RouteFigures, routeKey } from "./requests.ts";
import { cellKey, type Sums } from "./sums.ts";
import { Tally } from "./tally.ts";
import { isComplete, type Sampled, varianceOfShare, Z } from "./variance.ts";

/** What is attributed to requests must be so much of all that was moved, else no route's amplification is told. */
const KNOWN_WELL = 0.9;
const COSTS = ["copies", "switches", "buffers", "locks"] as const satisfies readonly (keyof RouteCosts)[];
type CostName = (typeof COSTS)[number];
export const NOTHING_KNOWN: RouteCosts = { copies: null, switches: null, buffers: null, locks: null };

interface ByRoute extends Omit<Sampled, "sized"> {
  readonly cost: CostName;
  readonly routes: Map<string, Tally>;
}
interface Facts {
  connectionBytes: number;
  followed: number;
  otherBytes: number;
}

/** @returns a route's figures, by its key and its requests */
export function routeFigures(
  profile: Profile,
  windows: readonly ProfileWindow[],
  sums: Sums,
  io: IoReport | null,
): (route: string, requests: number) => RouteFigures {
  const facts = factsOf(profile, windows);
  const requests = requestsByRoute(profile, windows, () => 0);
  // What one moved that began in a rest is not known.
  const counted = requestsByRoute(profile, windows, ([, , , , , , untimed = 0]) => untimed);
  const strata = strataOf(profile, windows, sums);
  const unsampled = unsampledFactors(strata);
  const moved = new Map(
    [...facts].map(([route, of]) => [route, movedOf(of, counted.get(route) ?? 0)] as const),
  );
  const known = [...moved].reduce(
    (sum, [route, bytes]) => sum + (bytes ?? 0) * (requests.get(route) ?? 0),
    0,
  );
  const knownWell = io !== null && known >= movedBytes(io) * KNOWN_WELL;
  return (route, count) => {
    const followed = facts.get(route)?.followed ?? 0;
    const movedBytes = (io === null ? null : moved.get(route)) ?? null;
    const costs =
      followed === 0
        ? NOTHING_KNOWN
        : costsOf(profile, strata, unsampled, route, followed, followed === count);
    // Of a few samples it would be a guess that looks like a figure.
    const copied =
      costs.copies === null || costs.copies.relativeError === null ? null : costs.copies.perRequest;
    return {
      followed,
      costs,
      movedBytes,
      copyAmplification:
        copied !== null && movedBytes !== null && movedBytes > 0 && knownWell ? copied / movedBytes : null,
    };
  };
}

/** Bytes a request; null where none was followed, so that what it moved elsewhere is not known. */
function movedOf({ connectionBytes, followed, otherBytes }: Facts, requests: number): number | null {
  return requests === 0 || followed === 0 ? null : connectionBytes / requests + otherBytes / followed;
}

function factsOf(profile: Profile, windows: readonly ProfileWindow[]): Map<string, Facts> {
  const byRoute = new Map<string, Facts>();
  for (const { routeFacts } of windows) {
    for (const [id, connectionBytes, followed, otherBytes] of routeFacts ?? []) {
      const key = routeKey(profile, id);
      const facts = byRoute.get(key) ?? { connectionBytes: 0, followed: 0, otherBytes: 0 };
      byRoute.set(key, facts);
      facts.connectionBytes += connectionBytes;
      facts.followed += followed;
      facts.otherBytes += otherBytes;
    }
  }
  return byRoute;
}

function requestsByRoute(
  profile: Profile,
  windows: readonly ProfileWindow[],
  without: (row: RequestRow) => number,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { requests } of windows) {
    for (const row of requests) {
      const key = routeKey(profile, row[0]);
      counts.set(key, (counts.get(key) ?? 0) + row[1] - without(row));
    }
  }
  return counts;
}

function strataOf(profile: Profile, windows: readonly ProfileWindow[], sums: Sums): Map<number, ByRoute> {
  const strata = new Map<number, ByRoute>();
  for (const [key, exact] of sums.cells) {
    const operation = profile.operations[exact.operation];
    const cost = operation === undefined ? null : costOf(operation);
    if (operation === undefined || cost === null) continue;
    const { kind } = operation;
    strata.set(key, { kind, exact, cost, all: new Tally(), routes: new Map() });
  }
  for (const window of windows) {
    const role = profile.workers[window.worker]?.role ?? "peer";
    for (const row of window.samples) strata.get(cellKey(row[0], row[1], role))?.all.add(row);
    for (const row of window.routeSamples ?? []) {
      const [operation, sizeClass, , route] = row;
      const routes = strata.get(cellKey(operation, sizeClass, role))?.routes;
      if (routes === undefined) continue;
      const key = routeKey(profile, route);
      const tally = routes.get(key) ?? new Tally();
      routes.set(key, tally);
      tally.add(row);
    }
  }
  return strata;
}

function costOf({ kind, basis }: Profile["operations"][number]): CostName | null {
  if (kind === "objects" || kind === "hop") return null;
  if (kind === "buffers") return "buffers";
  const category = KINDS[kind];
  return category === "locks" && !isContention(basis) ? null : category;
}

/** Strata without a sample are taken to be spread as the others of their cost are. */
function unsampledFactors(strata: ReadonlyMap<number, ByRoute>): Record<CostName, number> {
  const factor = (cost: CostName) => {
    let whole = 0;
    let sampled = 0;
    for (const stratum of strata.values()) {
      if (stratum.cost !== cost) continue;
      whole += stratum.exact.amount;
      if (stratum.all.amount > 0) sampled += stratum.exact.amount;
    }
    return sampled > 0 ? whole / sampled : 1;
  };
  return Object.fromEntries(COSTS.map((cost) => [cost, factor(cost)])) as Record<CostName, number>;
}

interface Sum {
  amount: number;
  micros: number | null;
  samples: number;
  variance: number;
}

/** @param whole all of the route's requests were followed: its share of the totals is a share of all that happened */
function costsOf(
  { operations, calibration }: Profile,
  strata: ReadonlyMap<number, ByRoute>,
  unsampled: Readonly<Record<CostName, number>>,
  route: string,
  followed: number,
  whole: boolean,
): RouteCosts {
  const measured = (cost: CostName) =>
    cost === "buffers" ? operations.some(({ kind }) => kind === "buffers") : isMeasured(operations, cost);
  const sums = new Map<CostName, Sum>(
    COSTS.filter(measured).map((cost) => [cost, { amount: 0, micros: 0, samples: 0, variance: 0 }]),
  );
  for (const stratum of strata.values()) {
    const tally = stratum.routes.get(route);
    const sum = sums.get(stratum.cost);
    if (tally !== undefined && sum !== undefined)
      addTo(sum, stratum, tally, unsampled[stratum.cost], whole, calibration);
  }
  return { ...NOTHING_KNOWN, ...Object.fromEntries([...sums].map(([cost, sum]) => [cost, costs(sum)])) };

  function costs({ amount, micros, samples, variance }: Sum): RouteCost {
    const error = amount > 0 ? (Z * Math.sqrt(variance)) / amount : null;
    return {
      perRequest: amount / followed,
      impactMicrosPerRequest: micros === null ? null : micros / followed,
      samples,
      relativeError: samples < LEAST_SAMPLES && variance > 0 ? null : error,
    };
  }
}

function addTo(
  sum: Sum,
  stratum: ByRoute,
  tally: Tally,
  unsampled: number,
  whole: boolean,
  calibration: Calibration | null,
): void {
  const { exact, all, kind } = stratum;
  if (all.amount <= 0) return;
  const share = tally.amount / all.amount;
  const amount = exact.amount * share * unsampled;
  sum.amount += amount;
  sum.samples += tally.samples;
  const micros = cellMicros(calibration, kind, exact);
  sum.micros = micros === null || sum.micros === null ? null : sum.micros + micros * share * unsampled;
  if (isComplete(stratum) && whole) return;
  // Of some requests only: how many events they had is chance as well.
  sum.variance += whole
    ? varianceOfShare(stratum, tally) * unsampled ** 2
    : (amount * amount) / Math.max(1, tally.effective);
}
