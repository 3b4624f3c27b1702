// Model: a report's exact figures of a later scope: totals, requests, workers, threads. What is estimated from samples (hotspots,
// explained shares, routes' costs, causes of wake-ups) stays the earlier report's. A part of what a whole report takes.

import { CATEGORIES } from "../protocol/categories.ts";
import type { Report, WorkerReport } from "../protocol/report.ts";
import type { RouteReport } from "../protocol/requests.ts";
import { GC_KINDS } from "../protocol/window.ts";
import { perRequest } from "./hotspots.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { selfOverheadOf } from "./report.ts";
import { type RouteFigures, requestsOf } from "./requests.ts";
import { NOTHING_KNOWN } from "./routeCosts.ts";
import { scopeOfWindows } from "./scope.ts";
import { Sites } from "./sites.ts";
import { sumUp } from "./sums.ts";
import { runnableThreads, threadsOf } from "./threads.ts";
import { totalsOf } from "./totals.ts";
import { balanceOf, workersOf } from "./workers.ts";

/**
 * Null where a worker has left the scope: hotspots name their workers by place in the earlier report's list, which may only grow.
 * @param windows of the scope; their samples are not needed
 */
export function refresh(report: Report, profile: Profile, windows: readonly ProfileWindow[]): Report | null {
  const scope = scopeOfWindows(profile, windows);
  const sums = sumUp(profile, windows);
  const { calibration } = profile;
  const workers = workersOf(profile, scope, new Map()).map((worker) => ({
    ...worker,
    wakes: report.workers.find((each) => same(each, worker))?.wakes ?? null,
  }));
  if (!report.workers.every((each, at) => workers[at] !== undefined && same(each, workers[at]))) return null;
  const totals = totalsOf(profile, sums, [], calibration, new Sites(profile), workers);
  return {
    ...report,
    durationMs: scope.durationMicros / 1_000,
    measuredShare: scope.measuredShare,
    workers,
    threads: threadsOf(scope),
    runnableThreads: runnableThreads(sums, scope.durationMicros),
    balance: balanceOf(workers),
    requests: requestsOf(profile, scope, (route) => costsIn(report, route)),
    processorMicrosPerRequest: perRequest(
      sums.cpuMicros === null ? null : Math.max(0, sums.cpuMicros - sums.own.micros),
      sums,
    ),
    totals: Object.fromEntries(
      CATEGORIES.map((name) => [name, { ...totals[name], explained: report.totals[name].explained }]),
    ) as Report["totals"],
    gc: GC_KINDS.map((kind) => ({ kind, ...sums.gc[kind] })),
    selfOverhead: selfOverheadOf(profile, scope, sums),
  };
}

function same(a: WorkerReport, b: WorkerReport): boolean {
  return a.pid === b.pid && a.threadId === b.threadId;
}

function costsIn({ requests }: Report, name: string): RouteFigures {
  const known: RouteReport | undefined = requests.routes.find(
    ({ method, route }) => `${method} ${route}` === name,
  );
  if (known === undefined)
    return { followed: 0, costs: NOTHING_KNOWN, movedBytes: null, copyAmplification: null };
  const { followed, costs, movedBytes, copyAmplification } = known;
  return { followed, costs, movedBytes, copyAmplification };
}
