// Panel, hotspots: the routes that sites belong to, to choose one. Pure.

import { t } from "../../src/model/l10n.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";

type Named = Pick<Hotspot["routes"][number], "method" | "route">;

export function routeName({ method, route }: Named): string {
  return `${method} ${route}`.trim();
}

/** Names of the routes that sites are known to belong to, the one with the most requests first. */
export function routesOf({ hotspots, requests }: Pick<Report, "hotspots" | "requests">): string[] {
  const known = new Set(hotspots.flatMap(({ routes }) => routes.map(routeName)));
  const ordered = requests.routes.map(routeName).filter((name) => known.has(name));
  return [...new Set([...ordered, ...known])];
}

export function isOf({ routes }: Hotspot, name: string): boolean {
  return routes.some((route) => routeName(route) === name);
}

/** Why a list by route is short: what V8 allocates, timers and start-up are of no request, or of none that was followed. */
export function leftOutText(sites: number): string {
  if (sites === 0) return "";
  return sites === 1
    ? t("1 site is left out: its routes are not known.")
    : t("{0} sites are left out: their routes are not known.", sites);
}
