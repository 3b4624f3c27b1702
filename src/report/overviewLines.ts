// Report: the upper part of the text: what ran, the two budgets, the four categories.

import {
  CATEGORY_NAME,
  formatBytes,
  formatCores,
  formatCount,
  formatEvents,
  formatNumber,
  formatShare,
  formatTime,
  isWaiting,
  PROCESSOR_CATEGORIES,
  UNKNOWN,
} from "../model/format.ts";
import { CATEGORIES, type Category } from "../protocol/categories.ts";
import type { Report } from "../protocol/report.ts";
import { type Column, cutEnd, pad, printable, table, wrap } from "./columns.ts";
import { measuredWords } from "./measuredWords.ts";
import { bar, type Style } from "./style.ts";
import type { TextContext } from "./text.ts";

const SETTLED = 1_000;

export function headLines(report: Report, { width, style }: TextContext): string[] {
  const { requests, workers } = report;
  const peers = new Set(workers.filter((worker) => worker.role === "peer").map((worker) => worker.id)).size;
  const machine = [
    report.node.startsWith("v") ? `Node ${report.node.slice(1)}` : `Node ${report.node}`,
    `${report.platform} ${report.arch}`,
    formatCores(report.availableCores),
    `${formatCount(peers)} ${peers === 1 ? "worker" : "workers"}, ${report.topology}`,
  ];
  const warmup = report.warmupMs > 0 ? ` after ${formatNumber(report.warmupMs / 1000)} s of warm-up` : "";
  const load = [
    `${measuredWords(report)}${warmup}`,
    `${formatCount(requests.total)} requests`,
    `${style.strong(formatNumber(requests.perSecond))} req/s`,
    `p50 ${formatTime(requests.p50Micros)}`,
    `p99 ${formatTime(requests.p99Micros)}`,
  ];
  const lines = [
    style.strong(cutEnd(printable(report.command.join(" ")), width)),
    ...wrap(machine.join(", "), width).map(style.muted),
    ...wrap(load.join(", "), width),
  ];
  if (requests.total < SETTLED) {
    lines.push(style.muted(`Settling: figures are rough below ${formatCount(SETTLED)} requests.`));
  }
  return lines;
}

/** Each kind of time against its own whole, on lines of their own. */
export function budgetLines(report: Report, { width, style }: TextContext): string[] {
  const { totals, processorMicrosPerRequest: whole, requests } = report;
  const known = PROCESSOR_CATEGORIES.filter((category) => totals[category].impactMicrosPerRequest !== null);
  const part =
    known.length === 0
      ? null
      : known.reduce((sum, category) => sum + (totals[category].impactMicrosPerRequest ?? 0), 0);
  const missing = PROCESSOR_CATEGORIES.filter((category) => !known.includes(category));
  const processor = `${style.strong(formatNumber(part))} of ${formatNumber(whole)} µs/req`;
  const waits = totals.locks.impactMicrosPerRequest;
  const waiting = `${style.strong(formatNumber(waits))} of ${formatNumber(requests.meanMicros)} µs latency`;
  const cells = Math.max(10, Math.min(40, width - 46));
  const processorBar = stacked(
    known.map((category) => [category, totals[category].impactMicrosPerRequest ?? 0]),
    Math.max(whole ?? 0, part ?? 0),
    cells,
    style,
  );
  const waitingScale = Math.max(requests.meanMicros ?? 0, waits ?? 0);
  const waitingBar =
    waitingScale > 0 ? style.category("locks", bar(waits ?? 0, cells / waitingScale, cells, true)) : "";
  const without =
    missing.length > 0
      ? style.muted(` without ${missing.map((category) => CATEGORY_NAME[category].toLowerCase()).join(", ")}`)
      : "";
  const lines = [
    `${pad("Processor time", 15)} ${pad(processor, 28)} ${processorBar}${without}`.trimEnd(),
    `${pad("Waiting time", 15)} ${pad(waiting, 28)} ${waitingBar}`.trimEnd(),
  ];
  if (part !== null && whole !== null && part > whole) {
    const note =
      "Calibrated costs add up to more than the processor time that was measured: take them as the most it can be.";
    lines.push(...wrap(note, width).map(style.muted));
  }
  return lines;
}

/** One bar of several categories, the rest as a track. Cells are cut at cumulative sums, so that they add up. */
function stacked(
  parts: readonly (readonly [Category, number])[],
  whole: number,
  cells: number,
  style: Style,
): string {
  if (!(whole > 0)) return "";
  let text = "";
  let sum = 0;
  let drawn = 0;
  for (const [category, value] of parts) {
    sum += value;
    const end = Math.round((sum / whole) * cells);
    text += style.category(category, "█".repeat(Math.max(0, end - drawn)));
    drawn = Math.max(drawn, end);
  }
  return text + style.muted("·".repeat(Math.max(0, cells - drawn)));
}

const LEAST_FOR_TIME = 92;
/** Less of what is allocated is not worth a word. */
const LEAST_UNEXPLAINED = 0.01;

export function categoryLines(report: Report, { width, style }: TextContext): string[] {
  const columns: (Column & { readonly cell: (category: Category) => string })[] = [
    {
      title: "",
      align: "left",
      cell: (category) => style.category(category, isWaiting(category) ? "▒" : "█"),
    },
    { title: "Category", align: "left", cell: (category) => CATEGORY_NAME[category] },
    {
      title: "µs/req",
      align: "right",
      cell: (category) => style.strong(formatNumber(report.totals[category].impactMicrosPerRequest)),
    },
    { title: "Time", align: "left", cell: (category) => (isWaiting(category) ? "waiting" : "processor") },
    { title: "Per request", align: "left", cell: (category) => amountOf(category, report) },
    {
      title: "Explained",
      align: "right",
      cell: (category) => formatShare(report.totals[category].explained),
    },
  ];
  // The texture says it too.
  const shown = columns.filter((column) => column.title !== "Time" || width >= LEAST_FOR_TIME);
  const rows = CATEGORIES.map((category) => shown.map((column) => column.cell(category)));
  return table(shown, rows, style.muted);
}

/** Switches and waits are never shown without their rate: it decides how many there are. */
function amountOf(category: Category, report: Report): string {
  const { count, perRequest } = report.totals[category];
  const { total, perSecond } = report.requests;
  const rate = `at ${formatNumber(perSecond)} req/s`;
  const events = count === null || total === 0 ? null : count / total;
  switch (category) {
    case "copies": {
      const times = report.io?.copyAmplification ?? null;
      const moved = times === null ? "" : `, ${formatNumber(times)} × what came in and went out`;
      return `${formatBytes(perRequest)}${moved}`;
    }
    case "allocations": {
      const more = report.offHeap?.unexplainedPerRequest ?? 0;
      const told = more > LEAST_UNEXPLAINED * (perRequest ?? 0);
      return `${formatBytes(perRequest)}${told ? `, off the heap ${formatBytes(more)} more without a line` : ""}`;
    }
    case "switches":
      return `${formatNumber(perRequest)} switches, ${formatEvents(events, "hand-off")} ${rate}`;
    case "locks":
      return events === null ? UNKNOWN : `${formatEvents(events, "wait")} ${rate}`;
  }
}
