// Model: completed requests, their rate, their latencies and their routes.

import { bucketMicros } from "../protocol/latencyBuckets.ts";
import type { RequestsReport, RouteReport } from "../protocol/requests.ts";
import type { RequestRow } from "../protocol/window.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import type { Scope } from "./scope.ts";

export type RouteFigures = Pick<RouteReport, "followed" | "costs" | "movedBytes" | "copyAmplification">;
const UNKNOWN_ROUTE = { method: "", route: "(unknown)" };

export function routeKey(profile: Pick<Profile, "routes">, id: number): string {
  const { method, route } = profile.routes[id] ?? UNKNOWN_ROUTE;
  return `${method} ${route}`;
}

interface Latencies {
  count: number;
  totalMicros: number;
  readonly buckets: Map<number, number>;
  loopWaits: number;
  loopMicros: number;
  /** Of `count`: those of which the others know nothing. */
  untimed: number;
}
const none = (): Latencies => ({
  count: 0,
  totalMicros: 0,
  buckets: new Map(),
  loopWaits: 0,
  loopMicros: 0,
  untimed: 0,
});

/** @param costs of a route, by its method and path as `routeKey` has them */
export function requestsOf(
  profile: Pick<Profile, "routes" | "operations">,
  scope: Pick<Scope, "durationMicros"> & { readonly windows: readonly Pick<ProfileWindow, "requests">[] },
  costs: (route: string, count: number) => RouteFigures,
): RequestsReport {
  const watched = profile.operations.some(({ kind }) => kind === "loop wait");
  const routes = new Map<string, { method: string; route: string; latencies: Latencies }>();
  for (const window of scope.windows) {
    for (const row of window.requests) {
      const { method, route } = profile.routes[row[0]] ?? UNKNOWN_ROUTE;
      const key = routeKey(profile, row[0]);
      let entry = routes.get(key);
      if (entry === undefined) {
        entry = { method, route, latencies: none() };
        routes.set(key, entry);
      }
      addRow(entry.latencies, row);
    }
  }
  const all = none();
  for (const { latencies } of routes.values()) addAll(all, latencies);
  return {
    total: all.count,
    perSecond: scope.durationMicros > 0 ? (all.count * 1e6) / scope.durationMicros : 0,
    ...(all.untimed > 0 ? { untimed: all.untimed } : {}),
    meanMicros: all.count > all.untimed ? all.totalMicros / (all.count - all.untimed) : null,
    p50Micros: quantile(all, 0.5),
    p99Micros: quantile(all, 0.99),
    routes: [...routes.values()]
      .map(
        ({ method, route, latencies }): RouteReport => ({
          method,
          route,
          count: latencies.count,
          p50Micros: quantile(latencies, 0.5),
          p99Micros: quantile(latencies, 0.99),
          ...costs(`${method} ${route}`, latencies.count),
          loopWaits: watched
            ? { count: latencies.loopWaits, meanMicros: latencies.loopMicros / (latencies.loopWaits || 1) }
            : null,
        }),
      )
      .sort((a, b) => b.count - a.count),
  };
}

/** By index: many times a second in a live session. */
function addRow(to: Latencies, row: RequestRow): void {
  to.count += row[1];
  to.totalMicros += row[2];
  to.loopWaits += row[4] ?? 0;
  to.loopMicros += row[5] ?? 0;
  to.untimed += row[6] ?? 0;
  for (const bucket of row[3]) to.buckets.set(bucket[0], (to.buckets.get(bucket[0]) ?? 0) + bucket[1]);
}

function addAll(to: Latencies, other: Latencies): void {
  to.count += other.count;
  to.totalMicros += other.totalMicros;
  to.loopWaits += other.loopWaits;
  to.loopMicros += other.loopMicros;
  to.untimed += other.untimed;
  for (const [bucket, n] of other.buckets) to.buckets.set(bucket, (to.buckets.get(bucket) ?? 0) + n);
}

/** Nearest rank, within a bucket's 3.2 %. */
function quantile({ buckets }: Latencies, q: number): number | null {
  let total = 0;
  for (const count of buckets.values()) total += count;
  if (total === 0) return null;
  const rank = Math.ceil(q * total);
  let seen = 0;
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  for (const [bucket, count] of sorted) {
    seen += count;
    if (seen >= rank) return bucketMicros(bucket);
  }
  return null;
}
