// Report: the lower part of the text: advice, routes, workers, and what the measurement itself cost and lost.

import { busyPrices } from "../model/calibration.ts";
import { formatBytes, formatCount, formatNumber, formatShare, formatTime, UNKNOWN } from "../model/format.ts";
import { formatMachine } from "../model/formatMachine.ts";
import { messageWords } from "../model/messageWords.ts";
import type { Report, WorkerReport } from "../protocol/report.ts";
import type { RouteCost, RouteReport } from "../protocol/requests.ts";
import { type Column, cutEnd, printable, table, wrap } from "./columns.ts";
import { ownCost } from "./ownCost.ts";
import { placeOf } from "./places.ts";
import type { TextContext } from "./text.ts";

const ROUTES = 8;

export function findingLines(report: Report, { width, style, cwd }: TextContext): string[] {
  if (report.findings.length === 0) return [];
  const lines = [style.strong("Findings")];
  for (const { title, evidence, advice, locations } of report.findings) {
    const places = locations.map((location) => placeOf(location, cwd)).filter((place) => place !== "");
    const at = [...new Set(places)];
    const where = at.length > 0 ? ` (${at.slice(0, 3).join(", ")})` : "";
    lines.push(...indent(wrap(printable(`${title}${where}`), width - 4), "  * ", "    "));
    if (evidence !== "")
      lines.push(...wrap(printable(evidence), width - 4).map((line) => style.muted(`    ${line}`)));
    if (advice !== "") lines.push(...wrap(printable(advice), width - 4).map((line) => `    ${line}`));
  }
  return lines;
}

function indent(lines: readonly string[], first: string, next: string): string[] {
  return lines.map((line, at) => (at === 0 ? first : next) + line);
}

const LEAST_FOR_COSTS = 100;

export function routeLines(report: Report, { width, style }: TextContext): string[] {
  const { routes } = report.requests;
  if (routes.length === 0) return [];
  const seconds = report.durationMs / 1000;
  const withCosts = width >= LEAST_FOR_COSTS && routes.some(({ followed }) => followed > 0);
  const rows = routes
    .slice(0, ROUTES)
    .map((route) => [
      cutEnd(printable(`${route.method} ${route.route}`), Math.max(20, width - (withCosts ? 86 : 46))),
      formatCount(route.count),
      seconds > 0 ? formatNumber(route.count / seconds) : UNKNOWN,
      formatTime(route.p50Micros),
      formatTime(route.p99Micros),
      ...(withCosts ? costsOf(route) : []),
    ]);
  const costs: Column[] = [
    { title: "copied", align: "right" },
    { title: "moved", align: "right" },
    { title: "×", align: "right" },
    { title: "hand-offs", align: "right" },
  ];
  const lines = table(
    [
      { title: "Route", align: "left" },
      { title: "requests", align: "right" },
      { title: "req/s", align: "right" },
      { title: "p50", align: "right" },
      { title: "p99", align: "right" },
      ...(withCosts ? costs : []),
    ],
    rows,
    style.muted,
  );
  if (withCosts)
    lines.push(
      ...wrap(
        "A request of a route: bytes copied, bytes that came and went (network and files), the one over the other (×), hand-offs.",
        width,
      ).map(style.muted),
    );
  if (routes.length > ROUTES) lines.push(style.muted(`${routes.length - ROUTES} more routes`));
  const messages = messageWords(report.requests);
  if (messages !== null) lines.push(...wrap(messages, width).map(style.muted));
  return lines;
}

function costsOf({ costs, movedBytes, copyAmplification }: RouteReport): string[] {
  return [
    costText(costs.copies, formatBytes),
    formatBytes(movedBytes),
    formatNumber(copyAmplification),
    costText(costs.switches, formatNumber),
  ];
}

/** With its error as of hotspots, none where it is exact; of too few samples it would be a guess. */
function costText(cost: RouteCost | null, format: (perRequest: number) => string): string {
  if (cost === null) return UNKNOWN;
  const { perRequest, relativeError } = cost;
  if (perRequest > 0 && relativeError === null) return "few samples";
  return relativeError === null || relativeError === 0
    ? format(perRequest)
    : `${format(perRequest)} ± ${formatShare(relativeError)}`;
}

export function workerLines(report: Report, { style }: TextContext): string[] {
  if (report.workers.length === 0) return [];
  const balance = report.balance === null ? "" : `, balance CV ${report.balance.toFixed(2)}`;
  const seconds = report.durationMs / 1000;
  const rows = report.workers.map((worker) => [
    worker.port !== undefined
      ? `:${worker.port}`
      : worker.role === "peer"
        ? `${worker.id}`
        : `${worker.id} ${worker.role}`,
    `${worker.pid}${worker.threadId > 0 ? `/${worker.threadId}` : ""}`,
    seconds > 0 ? formatNumber(worker.requests / seconds) : UNKNOWN,
    formatCount(worker.connections),
    formatShare(worker.loopUtilization),
    each(sum(worker.voluntary, worker.involuntary), worker),
    each(worker.involuntary, worker),
    worker.requests > 0 && worker.runQueueMs !== null
      ? formatTime((worker.runQueueMs * 1000) / worker.requests)
      : UNKNOWN,
    formatNumber(worker.eventsPerWakeup),
    seconds > 0 ? formatShare(worker.gcMs / report.durationMs) : UNKNOWN,
  ]);
  return [
    `${style.strong("Workers")}  ${style.muted(`${report.topology}${balance}`)}`,
    ...table(
      [
        { title: "", align: "left" },
        { title: "pid", align: "left" },
        { title: "req/s", align: "right" },
        { title: "conns", align: "right" },
        { title: "busy", align: "right" },
        { title: "sw/req", align: "right" },
        { title: "invol", align: "right" },
        { title: "run queue", align: "right" },
        { title: "ev/wake", align: "right" },
        { title: "GC", align: "right" },
      ],
      rows,
      style.muted,
    ),
  ];
}

function each(total: number | null, worker: WorkerReport): string {
  return total === null || worker.requests === 0 ? UNKNOWN : formatNumber(total / worker.requests);
}
const MOST_RESTARTS = 6;

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

export function footLines(report: Report, { width, style }: TextContext): string[] {
  const { selfOverhead, dropped, calibration, notices } = report;
  const lost = `${formatCount(dropped.samples)} samples and ${formatCount(dropped.windows)} windows dropped`;
  const machine =
    calibration === null
      ? "This machine was not calibrated: processor times are unknown."
      : `Calibrated in ${formatTime(calibration.tookMs * 1000)}${calibration.partial ? " (cut short by its deadline)" : ""}: a kernel switch costs ${formatTime(calibration.switchMicros.median)}, a threadpool round trip ${formatTime(calibration.poolRoundTripMicros.median)}.`;
  const busy = busyPrices(calibration);
  const facts =
    calibration?.machine === undefined
      ? []
      : wrap(printable(`${formatMachine(calibration.machine, calibration.node)}.`), width);
  return [
    ...wrap(`${ownCost(report)}; ${formatNumber(selfOverhead.stacksPerSecond)} stacks/s; ${lost}.`, width),
    ...wrap(machine, width),
    ...(busy === null ? [] : wrap(`warning: ${busy}`, width)),
    ...facts,
    ...restartLines(report, width),
    ...notices.flatMap(({ severity, text }) =>
      wrap(printable(severity === "info" ? text : `${severity}: ${text}`), width),
    ),
  ].map(style.muted);
}

function restartLines({ restarts = [] }: Report, width: number): string[] {
  const whole = restarts.filter(({ what }) => what === "server");
  if (whole.length === 0) return [];
  const times = whole.slice(0, MOST_RESTARTS).map(({ atMs }) => `${(atMs / 1_000).toFixed(1)} s`);
  const more = whole.length > MOST_RESTARTS ? ` and ${whole.length - MOST_RESTARTS} more` : "";
  const count = whole.length === 1 ? "once" : `${whole.length} times`;
  return wrap(
    `The server was restarted ${count} while it was recorded, after ${times.join(", ")}${more}.`,
    width,
  );
}
