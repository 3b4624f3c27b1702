// Report: the threads of all processes by class, and whether there are processors for those that want to run.

import { formatCores, formatCount, formatNumber, formatShare, formatTime, UNKNOWN } from "../model/format.ts";
import { formatWakes, sumWakes, THREAD_CLASS_NAME } from "../model/formatThreads.ts";
import type { Report } from "../protocol/report.ts";
import { printable, table, wrap } from "./columns.ts";
import { placeOf } from "./places.ts";
import type { TextContext } from "./text.ts";

export function threadLines(report: Report, { style, width, cwd }: TextContext): string[] {
  const { threads, threadPool, runnableThreads, availableCores, requests } = report;
  if (threads.length === 0) return [];
  const each = (amount: number) => (requests.total > 0 ? formatNumber(amount / requests.total) : UNKNOWN);
  const rows = threads.map((row) => [
    THREAD_CLASS_NAME[row.class],
    formatCount(row.threads),
    each(row.voluntary),
    each(row.involuntary),
    requests.total > 0 ? formatTime((row.runQueueMs * 1000) / requests.total) : UNKNOWN,
  ]);
  const runnable =
    runnableThreads === null
      ? ""
      : `${formatNumber(runnableThreads)} ready to run on average, ${formatCores(availableCores)} available`;
  const pool =
    threadPool === null
      ? []
      : [
          `libuv pool: ${formatNumber(threadPool.busyThreads)} of ${threadPool.size} threads busy on average, saturated ${formatShare(threadPool.saturated)} of the time`,
        ];
  return [
    `${style.strong("Threads")}  ${style.muted(runnable)}`.trimEnd(),
    ...table(
      [
        { title: "", align: "left" },
        { title: "threads", align: "right" },
        { title: "vol sw/req", align: "right" },
        { title: "invol", align: "right" },
        { title: "run queue", align: "right" },
      ],
      rows,
      style.muted,
    ),
    ...[...pool, ...wakeLines(report), ...hopLines(report, cwd)]
      .flatMap((line) => wrap(line, width))
      .map(style.muted),
  ];
}

function wakeLines({ workers }: Report): string[] {
  return (["processes", "threads"] as const).flatMap((of) => {
    const wakes = sumWakes(workers, of);
    if (wakes === null || wakes.count === 0) return [];
    const whose = of === "processes" ? "event loops" : "worker threads";
    return [`${whose} woken ${formatNumber(wakes.perSecond)} times a second: ${formatWakes(wakes)}`];
  });
}

const HOP_SITES = 3;

/** What puts work off within the thread, and whether the loop had anything else to do. */
function hopLines({ hops }: Report, cwd: string): string[] {
  if (hops === null || hops === undefined || hops.count === 0) return [];
  const alone =
    hops.alone === null ? "" : `, at least ${formatShare(hops.alone)} of them for a turn without any event`;
  const sites = hops.sites
    .filter(({ file }) => file !== "")
    .slice(0, HOP_SITES)
    .map((site) => `${placeOf(site, cwd)} ${formatNumber(site.perRequest, site.relativeError)}`);
  const where = sites.length === 0 ? "" : `: ${printable(sites.join(", "))}`;
  return [`setImmediate ${formatNumber(hops.perRequest)} times a request${alone}${where}`];
}
