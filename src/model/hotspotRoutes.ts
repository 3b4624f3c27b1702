// Model: which routes' requests a site's amount belongs to, by the samples of requests that were followed.

import type { Hotspot } from "../protocol/report.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { routeKey } from "./requests.ts";
import type { Sites } from "./sites.ts";
import { basisOf, bump, STACK_SPAN, siteKey } from "./strata.ts";

const ROUTES_SHOWN = 5;

interface Sum {
  amount: number;
  readonly ids: Map<string, number>;
  readonly byRoute: Map<string, number>;
}

/** By `siteKey`. */
export function hotspotRoutes(
  profile: Profile,
  windows: readonly ProfileWindow[],
  sites: Sites,
): Map<string, Hotspot["routes"]> {
  const sums = new Map<string, Sum>();
  const perRequest = followedFactors(profile, windows);
  // Sites and routes are looked up once an operation and stack, not once a row.
  const known = new Map<number, Sum | null>();
  const routeKeys = profile.routes.map((_, route) => routeKey(profile, route));
  const sumOf = (id: number, stack: number): Sum | null => {
    const operation = profile.operations[id];
    if (operation === undefined) return null;
    const site = sites.of(stack);
    const name = siteKey(operation.kind, site, site.callee ?? operation.callee, basisOf(operation));
    const sum = sums.get(name) ?? { amount: 0, ids: new Map(), byRoute: new Map() };
    sums.set(name, sum);
    return sum;
  };
  for (const { routeSamples } of windows) {
    for (const row of routeSamples ?? []) {
      const place = row[0] * STACK_SPAN + row[2];
      let sum = known.get(place);
      if (sum === undefined) {
        sum = sumOf(row[0], row[2]);
        known.set(place, sum);
      }
      if (sum === null) continue;
      const route = row[3];
      const key = routeKeys[route] ?? routeKey(profile, route);
      const all = row[6] * (perRequest.get(key) ?? 1);
      sum.amount += all;
      sum.ids.set(key, route);
      bump(sum.byRoute, key, all);
    }
  }
  return new Map([...sums].map(([name, sum]) => [name, sharesOf(profile, sum)]));
}

/** Requests of a route for each that was followed. */
function followedFactors(profile: Profile, windows: readonly ProfileWindow[]): Map<string, number> {
  const all = new Map<string, number>();
  const followed = new Map<string, number>();
  for (const { requests, routeFacts } of windows) {
    for (const [id, count] of requests) bump(all, routeKey(profile, id), count);
    for (const [id, , count] of routeFacts ?? []) bump(followed, routeKey(profile, id), count);
  }
  return new Map([...all].map(([key, count]) => [key, count / Math.max(1, followed.get(key) ?? 0)] as const));
}

function sharesOf({ routes }: Profile, { amount, ids, byRoute }: Sum): Hotspot["routes"] {
  return [...byRoute]
    .sort(([, a], [, b]) => b - a)
    .slice(0, ROUTES_SHOWN)
    .map(([key, part]) => {
      const { method, route } = routes[ids.get(key) ?? -1] ?? { method: "", route: "(unknown)" };
      return { method, route, share: amount > 0 ? part / amount : 0 };
    });
}
