// Model: chains of copies, from traced requests. Rows that differ only in their stacks above the user's lines are one chain.

import type { ChainStation, CopyChain } from "../protocol/report.ts";
import type { ChainRow } from "../protocol/window.ts";
import { copyNanosPerByte } from "./cost.ts";
import { perRequest } from "./hotspots.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { routeKey } from "./requests.ts";
import type { Site, Sites } from "./sites.ts";
import type { Sums } from "./sums.ts";

const MOST = 20;

interface Station {
  readonly operation: number;
  readonly site: Site;
  /** Index, -1 for none. */
  readonly from: number;
  copies: number;
  bytes: number;
}
interface Chain {
  readonly route: string;
  readonly id: number;
  seen: number;
  readonly stations: Station[];
}

export function chainsOf(
  profile: Profile,
  windows: readonly ProfileWindow[],
  sums: Sums,
  sites: Sites,
): CopyChain[] {
  const chains = new Map<string, Chain>();
  const traced = new Map<string, number>();
  const requests = new Map<string, number>();
  for (const window of windows) {
    for (const [id, , , , count] of window.routeFacts ?? []) bump(traced, routeKey(profile, id), count);
    for (const [id, count] of window.requests) bump(requests, routeKey(profile, id), count);
    for (const row of window.chains ?? []) addRow(profile, chains, sites, row);
  }
  return [...chains.values()]
    .map((chain) => ({ chain, count: requests.get(chain.route) ?? 0 }))
    .map(({ chain, count }) => ({
      report: reportOf(profile, chain, traced.get(chain.route) ?? 0, count, sums),
      count,
    }))
    .filter(({ report }) => report.traced > 0)
    .sort((a, b) => b.report.bytesPerRequest * b.count - a.report.bytesPerRequest * a.count)
    .slice(0, MOST)
    .map(({ report }) => report);
}

function addRow(
  profile: Profile,
  chains: Map<string, Chain>,
  sites: Sites,
  [id, count, rows]: ChainRow,
): void {
  const route = routeKey(profile, id);
  const stations = rows.map(
    ([operation, stack, from, copies, bytes]): Station => ({
      operation,
      site: sites.of(stack),
      from: from - 1,
      copies,
      bytes,
    }),
  );
  const key = `${route}\n${stations.map((station) => nameOf(profile, station)).join("\n")}`;
  const known = chains.get(key);
  if (known === undefined) {
    chains.set(key, { route, id, seen: count, stations });
    return;
  }
  known.seen += count;
  for (const [at, station] of known.stations.entries()) {
    station.copies += stations[at]?.copies ?? 0;
    station.bytes += stations[at]?.bytes ?? 0;
  }
}

function nameOf(profile: Profile, { operation, site, from }: Station): string {
  const { kind, callee } = operationOf(profile, operation);
  return `${from} ${kind} ${site.callee ?? callee} ${site.file}:${site.line}:${site.file === "" ? site.function : ""}`;
}

function operationOf({ operations }: Profile, id: number): Profile["operations"][number] {
  return operations[id] ?? { kind: "copy", callee: "(unknown)" };
}

function reportOf(
  profile: Profile,
  { id, seen, stations }: Chain,
  traced: number,
  requests: number,
  sums: Sums,
): CopyChain {
  const { method, route } = profile.routes[id] ?? { method: "", route: "(unknown)" };
  const micros = stations.map((station) => microsOf(profile, station));
  const known = micros.every((value) => value !== null);
  const all = micros.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return {
    method,
    route,
    traced,
    seen,
    bytesPerRequest: stations.reduce((sum, { bytes }) => sum + bytes, 0) / traced,
    impactMicrosPerRequest: known ? perRequest((all / traced) * requests, sums) : null,
    stations: stations.map((station): ChainStation => {
      const { kind, callee } = operationOf(profile, station.operation);
      const { site, from, copies, bytes } = station;
      return {
        kind,
        callee: site.callee ?? callee,
        file: site.file,
        line: site.line,
        column: site.column,
        function: site.function,
        from: from < 0 ? null : from,
        copies: copies / traced,
        bytesPerRequest: bytes / traced,
      };
    }),
  };
}

function microsOf(profile: Profile, { operation, copies, bytes }: Station): number | null {
  if (profile.calibration === null || copies <= 0) return null;
  const nanos = copyNanosPerByte(profile.calibration, operationOf(profile, operation).kind, bytes / copies);
  return nanos === null ? null : (bytes * nanos) / 1000;
}

function bump(sums: Map<string, number>, key: string, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by);
}
