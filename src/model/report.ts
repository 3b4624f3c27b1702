// Model: a profile, or a span of it, as the report that panel, command line and files show.

import { type AmountUnit, UNIT_OF } from "../protocol/categories.ts";
import { type Hotspot, REPORT_SCHEMA, type Report } from "../protocol/report.ts";
import { GC_KINDS } from "../protocol/window.ts";
import { chainsOf } from "./chains.ts";
import { comparedOverhead } from "./comparedOverhead.ts";
import { estimateSites, type SiteEstimate } from "./estimate.ts";
import { findingsOf } from "./findings/findings.ts";
import { hopsOf } from "./hops.ts";
import { hotspotRoutes } from "./hotspotRoutes.ts";
import { categoryOf, hotspotsOf, perRequest } from "./hotspots.ts";
import { ioOf } from "./io.ts";
import { offHeapOf } from "./offHeap.ts";
import { microsWithPauses, pausesOf } from "./pauses.ts";
import type { Profile } from "./profile.ts";
import { requestsOf } from "./requests.ts";
import { restartsOf } from "./restarts.ts";
import { routeFigures } from "./routeCosts.ts";
import { type Scope, scopeOf } from "./scope.ts";
import { Sites } from "./sites.ts";
import { type Sums, sumUp } from "./sums.ts";
import { threadPoolOf } from "./threadPool.ts";
import { runnableThreads, threadsOf } from "./threads.ts";
import { totalsOf } from "./totals.ts";
import { waitFacts } from "./waits.ts";
import { balanceOf, workersOf } from "./workers.ts";

export interface ReportOptions {
  /** Microseconds since the epoch; warm-up is left out in any case. */
  readonly fromMicros?: number;
  readonly toMicros?: number;
  /** The most hotspots to list. */
  readonly top?: number;
}

/** What a report is made of, kept for what is asked for later (`siteDetails`). */
export interface Analysis {
  readonly profile: Profile;
  readonly scope: Scope;
  readonly sums: Sums;
  readonly sites: Sites;
  readonly estimates: readonly SiteEstimate[];
  readonly report: Report;
  /** Hotspots that the report does not list (`top`), in order; without stacks. */
  readonly others: readonly Hotspot[];
  /** Of the scope: processor time with collections, for locks waiting time; null without a price. */
  microsOf(estimate: SiteEstimate): number | null;
  unitOf(estimate: SiteEstimate): AmountUnit;
}

export function toReport(profile: Profile, options: ReportOptions = {}): Report {
  return analyse(profile, options).report;
}

/** @param sites of this profile */
export function analyse(
  profile: Profile,
  options: ReportOptions = {},
  sites: Sites = new Sites(profile),
): Analysis {
  const scope = scopeOf(profile, options);
  const sums = sumUp(profile, scope.windows);
  const { calibration } = profile;
  const fromStart = (options.fromMicros ?? 0) <= profile.measureFromMicros;
  const estimates = estimateSites(profile, scope.windows, sums, sites, {
    before: fromStart
      ? profile.windows.filter(({ endMicros }) => endMicros <= profile.measureFromMicros)
      : [],
    others: profile.windows,
  });
  const workers = workersOf(profile, scope);
  const costing = estimates.filter(({ kind }) => kind !== "hop");
  const hotspots = hotspotsOf(
    costing,
    sums,
    sites,
    scope.workers,
    waitFacts(profile, scope.windows, sites),
    hotspotRoutes(profile, scope.windows, sites),
    options.top,
  );
  const io = ioOf(profile, scope.windows, sums);
  const report: Report = {
    schema: REPORT_SCHEMA,
    node: profile.node,
    platform: profile.platform,
    arch: profile.arch,
    cores: profile.cores,
    availableCores: profile.availableCores ?? profile.cores,
    command: profile.command,
    startedAt: profile.startedAt,
    commit: profile.commit ?? null,
    topology: profile.topology,
    durationMs: scope.durationMicros / 1000,
    measuredShare: scope.measuredShare,
    warmupMs: Math.max(0, profile.measureFromMicros - profile.startedMicros) / 1000,
    calibration,
    workers,
    restarts: restartsOf(profile),
    threads: threadsOf(scope),
    threadPool: threadPoolOf(profile, scope.windows),
    hops: hopsOf(profile, scope.windows, estimates, sums, workers, scope.workers),
    deepSwitches: deepSwitchesOf(profile),
    runnableThreads: runnableThreads(sums, scope.durationMicros),
    balance: balanceOf(workers),
    requests: requestsOf(profile, scope, routeFigures(profile, scope.windows, sums, io)),
    io,
    chains: chainsOf(profile, scope.windows, sums, sites),
    processorMicrosPerRequest: perRequest(
      sums.cpuMicros === null ? null : Math.max(0, sums.cpuMicros - sums.own.micros),
      sums,
    ),
    totals: totalsOf(profile, sums, estimates, calibration, sites, workers),
    offHeap: offHeapOf(profile, sums),
    hotspots,
    findings: [],
    gc: GC_KINDS.map((kind) => ({ kind, ...sums.gc[kind] })),
    selfOverhead: selfOverheadOf(profile, scope, sums),
    dropped: profile.dropped,
    notices: profile.notices.map(({ code, severity, text }) => ({ code, severity, text })),
  };
  const pauses = pausesOf(costing, sums);
  return {
    profile,
    scope,
    sums,
    sites,
    estimates: costing,
    report: {
      ...report,
      findings: findingsOf(report),
      hotspots: options.top === undefined ? hotspots : hotspots.slice(0, options.top),
    },
    others: options.top === undefined ? [] : hotspots.slice(options.top),
    microsOf: (estimate) => microsWithPauses(estimate, pauses),
    unitOf: (estimate) => UNIT_OF[categoryOf(estimate)],
  };
}

function deepSwitchesOf({ deepSwitches: deep }: Profile): Report["deepSwitches"] {
  if (deep === undefined) return null;
  const { switches, kernel = null } = deep;
  return { ...deep, ofKernel: kernel === null || kernel === 0 ? null : switches / kernel };
}

export function selfOverheadOf(
  profile: Pick<Profile, "rests" | "workers">,
  { windows, durationMicros }: Pick<Scope, "windows" | "durationMicros">,
  sums: Sums,
): Report["selfOverhead"] {
  return {
    share: sums.cpuMicros === null || sums.cpuMicros <= 0 ? null : sums.own.micros / sums.cpuMicros,
    microsPerRequest: perRequest(sums.own.micros, sums),
    stacksPerSecond: durationMicros > 0 ? (sums.own.stacks * 1e6) / durationMicros : 0,
    compared: comparedOverhead(profile, windows),
  };
}
