// Report: context switches by JavaScript function, where they were recorded by perf.

import { formatCount, formatNumber, formatShare, UNKNOWN } from "../model/format.ts";
import { THREAD_CLASS_NAME } from "../model/formatThreads.ts";
import type { Report } from "../protocol/report.ts";
import { printable, table } from "./columns.ts";
import { placeOf } from "./places.ts";
import type { TextContext } from "./text.ts";

const SHOWN = 10;

export function deepLines(report: Report, { top, cwd, style }: TextContext): string[] {
  const deep = report.deepSwitches;
  if (deep === null) return [];
  const { requests = 0 } = deep;
  const perRequest = (count: number) => (requests > 0 ? formatNumber(count / requests) : UNKNOWN);
  const rows = deep.sites
    .slice(0, top ?? SHOWN)
    .map((site) => [
      formatShare(site.count / deep.switches),
      perRequest(site.count),
      THREAD_CLASS_NAME[site.class],
      site.cause,
      site.file === "" ? "" : `${printable(site.function)} ${placeOf(site, cwd)}`,
    ]);
  const of = deep.ofKernel === null ? "" : `, ${formatShare(deep.ofKernel)} of those that the kernel counted`;
  return [
    `${style.strong("Switches by perf")}  ${style.muted(`${formatCount(deep.switches)} in ${formatNumber(deep.durationMs / 1000)} s${of}`)}`,
    ...table(
      [
        { title: "share", align: "right" },
        { title: "/req", align: "right" },
        { title: "thread", align: "left" },
        { title: "sleeps for", align: "left" },
        { title: "function", align: "left" },
      ],
      rows,
      style.muted,
    ),
  ];
}
