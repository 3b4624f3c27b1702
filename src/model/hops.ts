// Model, claim C11: work that is put off to the loop's next phase, by line, and for how much of it the loop had nothing else to do.

import type { HopSite, HopsReport } from "../protocol/loops.ts";
import type { WorkerReport } from "../protocol/report.ts";
import type { SiteEstimate } from "./estimate.ts";
import { confidenceOf, perRequest } from "./hotspots.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import type { Sums } from "./sums.ts";

/** @param workers the report's, in the order of the indices `order` */
export function hopsOf(
  profile: Pick<Profile, "operations">,
  windows: readonly ProfileWindow[],
  estimates: readonly SiteEstimate[],
  sums: Sums,
  workers: readonly WorkerReport[],
  order: readonly number[],
): HopsReport | null {
  const { operations } = profile;
  if (!operations.some(({ kind }) => kind === "hop")) return null;
  const byWorker = new Map<number, number>();
  let count = 0;
  for (const { worker, cells } of windows) {
    for (const [operation, , times] of cells) {
      if (operations[operation]?.kind !== "hop") continue;
      count += times;
      byWorker.set(worker, (byWorker.get(worker) ?? 0) + times);
    }
  }
  let alone: number | null = 0;
  for (const [worker, hops] of byWorker) {
    const turns = idleTurns(workers[order.indexOf(worker)]);
    alone = turns === null || alone === null ? null : alone + Math.min(turns, hops);
  }
  return {
    count,
    perRequest: perRequest(count, sums),
    alone: alone === null || count === 0 ? null : alone / count,
    sites: estimates
      .filter(({ kind }) => kind === "hop")
      .map((estimate) => siteOf(estimate, sums))
      .sort((a, b) => b.count - a.count),
  };
}

/** Turns that got no event and did not sleep: nothing but immediates makes such. At least so many, for a turn may get several events. */
function idleTurns(worker: WorkerReport | undefined): number | null {
  const wakes = worker?.wakes ?? null;
  if (wakes === null) return null;
  const slept = wakes.causes.filter(({ cause }) => cause === "timer" || cause === "Darcy");
  return Math.max(0, wakes.turns - wakes.events - slept.reduce((sum, { wakes: times }) => sum + times, 0));
}

function siteOf(estimate: SiteEstimate, sums: Sums): HopSite {
  const { site, callee, count, micros, samples, relativeError } = estimate;
  return {
    file: site.file,
    line: site.line,
    column: site.column,
    function: site.function,
    callee,
    count,
    perRequest: perRequest(count, sums),
    impactMicrosPerRequest: perRequest(micros, sums),
    samples,
    relativeError,
    confidence: confidenceOf(estimate),
  };
}
