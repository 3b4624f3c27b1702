// Model, comparison: two recordings, baseline and now, per request. Both are priced by one calibration: prices of two
// sessions differ by more than most changes do. A change is judged by amounts, which have no price.

import { CATEGORIES, type Category } from "../../protocol/categories.ts";
import {
  type CategoryChange,
  type Change,
  COMPARISON_SCHEMA,
  type ComparedSession,
  type Comparison,
  type HotspotChange,
  type Verdict,
} from "../../protocol/comparison.ts";
import type { Report } from "../../protocol/report.ts";
import type { Profile } from "../profile.ts";
import { toReport } from "../report.ts";
import { busyRate } from "./busyRate.ts";
import {
  besideLoad,
  changeOf,
  type Figure,
  LEAST_OF_TIMES,
  leastOfSite,
  leastOfTotal,
  siteFigure,
} from "./change.ts";
import { differencesOf, loadChange } from "./differences.ts";
import { comparisonFindings } from "./findings.ts";
import { type Pair, pairSites } from "./match.ts";
import { type Spread, spreadOf } from "./spread.ts";

export function compareProfiles(before: Profile, after: Profile): Comparison {
  const calibration = after.calibration ?? before.calibration;
  const pricedBy = after.calibration !== null ? "after" : before.calibration !== null ? "before" : null;
  const side = (profile: Profile): Side => ({
    report: toReport({ ...profile, calibration }),
    spread: spreadOf(profile),
    load: busyRate(profile),
    root: profile.cwd,
  });
  return { ...compareSides(side(before), side(after)), pricedBy };
}

/** A report with how much its totals vary, and the folder that its files stand in. */
interface Side {
  readonly report: Report;
  readonly spread: Spread;
  /** Requests a second, while some came. */
  readonly load: number;
  readonly root: string;
}

function compareSides(before: Side, after: Side): Omit<Comparison, "pricedBy"> {
  const figure = (value: number | null, spread: number | null): Figure => ({
    value,
    error: value === null || spread === null ? null : value * spread,
  });
  const change = (
    value: (report: Report) => number | null,
    spread: (spread: Spread) => number | null,
    least: number,
  ) =>
    changeOf(
      figure(value(before.report), spread(before.spread)),
      figure(value(after.report), spread(after.spread)),
      least,
    );
  const loads = [before.load, after.load] as const;
  const load = loadChange(loads);
  const category = (name: Category): CategoryChange => {
    const least = leastOfTotal(name);
    const amount = ({ amount: by }: Spread) => by[name];
    const judged = (each: Change) =>
      name === "locks" || name === "switches"
        ? besideLoad(each, name === "locks" ? "waits" : "switches", load)
        : each;
    const events = change(
      ({ totals, requests }) => perRequest(totals[name].count, requests.total),
      ({ events: by }) => by[name],
      least,
    );
    return {
      perRequest: judged(change(({ totals }) => totals[name].perRequest, amount, least)),
      impactMicros: judged(change(({ totals }) => totals[name].impactMicrosPerRequest, amount, least)),
      // Hand-offs are the code's, whatever the load.
      events: name === "locks" ? judged(events) : events,
    };
  };
  const latency = (value: (report: Report) => number | null) =>
    besideLoad(
      change(value, (spread) => spread.latency, LEAST_OF_TIMES),
      "waits",
      load,
    );
  const compared = {
    schema: COMPARISON_SCHEMA,
    before: sessionOf(before.report),
    after: sessionOf(after.report),
    loadDiffers: load !== 0,
    differences: differencesOf(before.report, after.report, loads),
    pricedBy: null,
    requests: {
      perSecond: change(
        ({ requests }) => requests.perSecond,
        ({ rate }) => rate,
        LEAST_OF_TIMES,
      ),
      meanMicros: latency(({ requests }) => requests.meanMicros),
      p50Micros: latency(({ requests }) => requests.p50Micros),
      // How much it varies is not told by how the mean does.
      p99Micros: change(
        ({ requests }) => requests.p99Micros,
        () => null,
        LEAST_OF_TIMES,
      ),
    },
    processorMicros: change(
      (report) => report.processorMicrosPerRequest,
      ({ processor }) => processor,
      LEAST_OF_TIMES,
    ),
    totals: Object.fromEntries(CATEGORIES.map((name) => [name, category(name)])) as Comparison["totals"],
    hotspots: pairSites(
      { hotspots: before.report.hotspots, root: before.root },
      { hotspots: after.report.hotspots, root: after.root },
    )
      .flatMap((pair) => hotspotChange(pair, before.spread, after.spread, load))
      .sort(byWeight),
  } satisfies Omit<Comparison, "findings">;
  return { ...compared, findings: comparisonFindings(compared) };
}

function hotspotChange({ before, after }: Pair, old: Spread, now: Spread, load: number): HotspotChange[] {
  const spot = after ?? before;
  if (spot === null) return [];
  const { category } = spot;
  // Of switches the sites are hand-offs, the totals the kernel's.
  const spreadIn = (spread: Spread) => (category === "switches" ? spread.events : spread.amount)[category];
  const change = changeOf(
    siteFigure(before, after, spreadIn(old)),
    siteFigure(after, before, spreadIn(now)),
    leastOfSite(spot.kind),
  );
  const amounts = category === "locks" ? besideLoad(change, "waits", load) : change;
  const { verdict, ratio } = amounts;
  const impact = (side: typeof before) => (side === null ? 0 : side.impactMicrosPerRequest);
  const [was, is] = [impact(before), impact(after)];
  // Its amount's error, at its own price.
  const scale = largest(was, is) / (largest(amounts.before, amounts.after) || 1);
  const micros = changeOf({ value: was, error: 0 }, { value: is, error: 0 }, 0);
  return [
    {
      before,
      after,
      category,
      perRequest: amounts,
      impactMicros: {
        ...micros,
        ratio: micros.ratio ?? ratio,
        error: amounts.error === null || micros.difference === null ? null : amounts.error * scale,
        verdict,
      },
      verdict,
    },
  ];
}

function largest(a: number | null, b: number | null): number {
  return Math.max(a ?? 0, b ?? 0);
}

const PLACE: Readonly<Record<Verdict, number>> = { more: 0, less: 1, unclear: 2 };

function byWeight(a: HotspotChange, b: HotspotChange): number {
  return PLACE[a.verdict] - PLACE[b.verdict] || weight(b) - weight(a) || size(b) - size(a);
}

function weight({ impactMicros, verdict }: HotspotChange): number {
  if (verdict === "unclear") return largest(impactMicros.before, impactMicros.after);
  // Collections' pauses may move a price the other way.
  return Math.max(0, (impactMicros.difference ?? 0) * (verdict === "more" ? 1 : -1));
}

function size({ before, after }: HotspotChange): number {
  return Math.max(before?.share ?? 0, after?.share ?? 0);
}

function sessionOf(report: Report): ComparedSession {
  const { command, startedAt, node, platform, arch, availableCores, topology, durationMs } = report;
  const peers = report.workers.filter(({ role }) => role === "peer").map(({ id }) => id);
  return {
    command,
    startedAt,
    node,
    platform,
    arch,
    availableCores,
    topology,
    durationMs,
    workers: new Set(peers).size,
    requests: report.requests.total,
    perSecond: report.requests.perSecond,
  };
}

function perRequest(count: number | null, requests: number): number | null {
  return count === null || requests <= 0 ? null : count / requests;
}
