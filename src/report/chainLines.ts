// Report: chains of copies: the same data copied again on its way through a request.

import { formatBytes, formatCount, formatNumber } from "../model/format.ts";
import { formatSeen } from "../model/formatChains.ts";
import type { ChainStation, CopyChain, Report } from "../protocol/report.ts";
import { cutStart, printable, table, wrap } from "./columns.ts";
import { placeOf } from "./places.ts";
import type { TextContext } from "./text.ts";

/** Of all bytes copied; smaller ones are left out. */
const LEAST_SHARE = 0.02;
const CHAINS = 3;

export function chainLines(report: Report, context: TextContext): string[] {
  const { style } = context;
  const copied = report.totals.copies.amount ?? 0;
  const shown = report.chains
    .filter((chain) => bytesOf(chain, report) >= copied * LEAST_SHARE)
    .slice(0, CHAINS);
  if (shown.length === 0) return [];
  return [
    `${style.strong("Chains of copies")}  ${style.muted("the same data, copied again on its way")}`,
    ...shown.flatMap((chain) => linesOf(chain, context)),
  ];
}

function bytesOf({ method, route, bytesPerRequest }: CopyChain, { requests }: Report): number {
  const count = requests.routes.find((each) => each.method === method && each.route === route)?.count ?? 0;
  return bytesPerRequest * count;
}

function linesOf(chain: CopyChain, { width, style, cwd }: TextContext): string[] {
  const head = `${chain.method} ${chain.route}: ${formatCount(chain.stations.length)} copies, ${formatBytes(chain.bytesPerRequest)} a request, ${formatSeen(chain)}`;
  const rows = chain.stations.map((station, at) => [
    `  ${at + 1}`,
    station.kind,
    printable(station.callee),
    cutStart(whereOf(station, cwd), Math.max(20, width - 56)),
    formatBytes(station.bytesPerRequest),
    station.copies > 1.05 ? `${formatNumber(station.copies)} times` : "",
    // Of the one before it, if nothing is said.
    station.from === null || station.from === at - 1 ? "" : `of ${station.from + 1}`,
  ]);
  const columns = (["right", "left", "left", "left", "right", "right", "left"] as const).map((align) => ({
    title: "",
    align,
  }));
  return [
    ...wrap(printable(head), width - 2).map((line) => `  ${line}`),
    ...table(columns, rows, style.muted).slice(1),
  ];
}

function whereOf(station: ChainStation, cwd: string): string {
  const place = placeOf(station, cwd);
  const name = printable(station.function);
  return place === "" ? name : name === "" ? place : `${name} ${place}`;
}
