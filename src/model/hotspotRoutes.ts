// Model: which routes' requests a site's amount belongs to, by the samples of requests that were followed.

import type { Hotspot } from "../protocol/report.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { routeKey } from "./requests.ts";
import type { Sites } from "./sites.ts";
import { basisOf, bump, siteKey } from "./strata.ts";

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
  for (const { routeSamples } of windows) {
    for (const [id, , stack, route, , , amount] of routeSamples ?? []) {
      const operation = profile.operations[id];
      if (operation === undefined) continue;
      const site = sites.of(stack);
      const name = siteKey(operation.kind, site, site.callee ?? operation.callee, basisOf(operation));
      const sum = sums.get(name) ?? { amount: 0, ids: new Map(), byRoute: new Map() };
      sums.set(name, sum);
      const key = routeKey(profile, route);
      const all = amount * (perRequest.get(key) ?? 1);
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
