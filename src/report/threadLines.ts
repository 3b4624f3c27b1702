// Report: the threads of all processes by class, and whether there are processors for those that want to run.

import { formatCores, formatCount, formatNumber, formatShare, formatTime, UNKNOWN } from "../model/format.ts";
import type { Report, ThreadReport } from "../protocol/report.ts";
import { table } from "./columns.ts";
import type { TextContext } from "./text.ts";

export const THREAD_CLASS_NAME: Readonly<Record<ThreadReport["class"], string>> = {
  loop: "event loop",
  worker: "worker thread",
  pool: "libuv pool",
  v8: "V8 helper",
  other: "other",
};

export function threadLines(report: Report, { style }: TextContext): string[] {
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
    ...pool.map(style.muted),
  ];
}
