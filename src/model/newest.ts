// Model: how many requests, how fast, at the very moment: a scope's windows and what is known of those that have not come yet.
// Figures a request wait for the windows: only these have all of them.

import type { Newest } from "../protocol/panel.ts";
import type { Report } from "../protocol/report.ts";
import type { Glance } from "./builder.ts";
import { MeasuredClock } from "./measuredTime.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { requestsOf } from "./requests.ts";
import { NOTHING_KNOWN } from "./routeCosts.ts";

/**
 * Null where there is nothing newer than the windows.
 * @param report names its workers; of the scope, as old as it may be
 * @param windows of the scope
 */
export function newestOf(
  report: Pick<Report, "workers">,
  profile: Pick<Profile, "routes" | "operations" | "workers" | "rests">,
  windows: readonly ProfileWindow[],
  glances: readonly Glance[],
): Newest | null {
  const measuredTo = windows.reduce((latest, { endMicros }) => Math.max(latest, endMicros), 0);
  if (!glances.some(({ endMicros }) => endMicros > measuredTo)) return null;
  const all = [...windows, ...glances];
  const clock = new MeasuredClock(all, profile.rests);
  const durationMicros = clock.measuredTo(clock.endMicros);
  const { total, perSecond, p50Micros, p99Micros } = requestsOf(
    profile,
    { windows: all, durationMicros },
    () => NOTHING_OF_ROUTES,
  );
  const counts = new Map<string, number>();
  for (const { worker, requests } of all) {
    const name = nameOf(profile.workers[worker]);
    counts.set(
      name,
      requests.reduce((sum, [, count]) => sum + count, counts.get(name) ?? 0),
    );
  }
  return {
    requests: { total, perSecond, p50Micros, p99Micros },
    workersPerSecond: report.workers.map((worker) =>
      durationMicros > 0 ? ((counts.get(nameOf(worker)) ?? 0) * 1e6) / durationMicros : 0,
    ),
  };
}

const NOTHING_OF_ROUTES = { followed: 0, costs: NOTHING_KNOWN, movedBytes: null, copyAmplification: null };

function nameOf(worker: { readonly pid: number; readonly threadId: number } | undefined): string {
  return `${worker?.pid}/${worker?.threadId}`;
}
