// Report: as Markdown, for a pull request or a ticket. The same figures in the same order as the terminal's.

import { busyPrices } from "../model/calibration.ts";
import {
  CATEGORY_NAME,
  formatBytes,
  formatCertainty,
  formatCores,
  formatCount,
  formatEvents,
  formatNumber,
  formatPerRequest,
  formatShare,
  formatTime,
  isWaiting,
  UNKNOWN,
} from "../model/format.ts";
import { messageWords } from "../model/messageWords.ts";
import { CATEGORIES, type Category } from "../protocol/categories.ts";
import type { Location, Report } from "../protocol/report.ts";
import { code, markdownTable, plain, sections } from "./markdownText.ts";
import { measuredWords } from "./measuredWords.ts";
import { ownCost } from "./ownCost.ts";
import { placeOf } from "./places.ts";

/** Below this share of its category a site is folded away. */
const LEAST_SHARE = 0.02;
const MOST_ROUTES = 20;

export interface MarkdownOptions {
  readonly top?: number;
  /** Files inside are shown relative to it; "" shows whole paths. */
  readonly cwd?: string;
}

export function formatMarkdown(report: Report, { top, cwd = process.cwd() }: MarkdownOptions = {}): string {
  return sections([
    head(report),
    categories(report),
    hotspots(report, top, cwd),
    findings(report, cwd),
    routes(report),
    foot(report),
  ]);
}

function head(report: Report): string[] {
  const { command, node, platform, arch, availableCores, workers, topology } = report;
  const { requests, processorMicrosPerRequest, totals } = report;
  const peers = new Set(workers.filter(({ role }) => role === "peer").map(({ id }) => id)).size;
  const parts = CATEGORIES.filter((category) => !isWaiting(category)).map(
    (category) => totals[category].impactMicrosPerRequest,
  );
  const known = parts.filter((part) => part !== null);
  const messages = messageWords(requests);
  const processor = known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
  return [
    `# ${code(command.join(" "))}`,
    "",
    `${measuredWords(report)}, ${formatCount(requests.total)} requests at **${formatNumber(requests.perSecond)} req/s**, p50 ${formatTime(requests.p50Micros)}, p99 ${formatTime(requests.p99Micros)}.${messages === null ? "" : ` ${messages}`}`,
    "",
    `Node ${plain(node.replace(/^v/, ""))}, ${plain(platform)} ${plain(arch)}, ${formatCores(availableCores)}, ${formatCount(peers)} ${peers === 1 ? "worker" : "workers"} (${topology}).`,
    "",
    `- Processor time: **${formatNumber(processor)}** of ${formatNumber(processorMicrosPerRequest)} µs/req${known.length < parts.length ? ", as far as it is known" : ""}`,
    `- Waiting time: **${formatNumber(totals.locks.impactMicrosPerRequest)}** of ${formatNumber(requests.meanMicros)} µs latency`,
  ];
}

function categories(report: Report): string[] {
  const rows = CATEGORIES.map((category) => {
    const { impactMicrosPerRequest, explained } = report.totals[category];
    return [
      CATEGORY_NAME[category],
      formatNumber(impactMicrosPerRequest),
      isWaiting(category) ? "waiting" : "processor",
      amountOf(category, report),
      formatShare(explained),
    ];
  });
  return markdownTable(
    [
      { title: "Category" },
      { title: "µs/req", right: true },
      { title: "Time" },
      { title: "Per request" },
      { title: "Explained", right: true },
    ],
    rows,
  );
}

/** Switches and waits are never shown without their rate: it decides how many there are. */
function amountOf(category: Category, { totals, requests }: Report): string {
  const { count, perRequest } = totals[category];
  const rate = `at ${formatNumber(requests.perSecond)} req/s`;
  const events = count === null || requests.total === 0 ? null : count / requests.total;
  if (category === "switches")
    return `${formatNumber(perRequest)} switches, ${formatEvents(events, "hand-off")} ${rate}`;
  if (category === "locks") return events === null ? UNKNOWN : `${formatEvents(events, "wait")} ${rate}`;
  return formatBytes(perRequest);
}

function hotspots({ hotspots: all }: Report, top: number | undefined, cwd: string): string[] {
  if (all.length === 0) return ["## Hotspots", "", "No line was seen yet."];
  const shown = top === undefined ? all.filter(({ share }) => share >= LEAST_SHARE) : all.slice(0, top);
  const rows = shown.map((spot) => [
    formatNumber(spot.impactMicrosPerRequest, spot.relativeError),
    isWaiting(spot.category) ? "waiting" : "processor",
    spot.kind,
    [
      code(spot.function),
      place(spot, cwd),
      spot.callee === "" ? "" : `→ ${code(spot.callee)}`,
      held(spot, cwd),
    ]
      .filter((text) => text !== "")
      .join(" "),
    formatPerRequest(spot),
    formatShare(spot.share),
    formatCertainty(spot),
  ]);
  const folded = all.length - shown.length;
  return [
    "## Hotspots",
    "",
    ...markdownTable(
      [
        { title: "µs/req", right: true },
        { title: "Time" },
        { title: "Kind" },
        { title: "Call site" },
        { title: "Per request", right: true },
        { title: "Share", right: true },
        { title: "Certainty", right: true },
      ],
      rows,
    ),
    ...(folded > 0 ? ["", `${formatCount(folded)} more.`] : []),
  ];
}

function held({ holder, kind }: Report["hotspots"][number], cwd: string): string {
  return holder === null || kind === "loop wait" ? "" : `held by ${place(holder, cwd)}`;
}

function place(location: Pick<Location, "file" | "line">, cwd: string): string {
  return code(placeOf(location, cwd));
}

function findings(report: Report, cwd: string): string[] {
  if (report.findings.length === 0) return [];
  const items = report.findings.map(({ title, evidence, advice, locations }) => {
    const places = [...new Set(locations.map((location) => place(location, cwd)))].filter(
      (text) => text !== "",
    );
    const where = places.length === 0 ? "" : ` (${places.slice(0, 3).join(", ")})`;
    return `- **${plain(title)}**${where} ${plain([evidence, advice].filter((text) => text !== "").join(" "))}`.trimEnd();
  });
  return ["## Findings", "", ...items];
}

function routes({ requests, durationMs }: Report): string[] {
  if (requests.routes.length === 0) return [];
  const seconds = durationMs / 1000;
  const rows = requests.routes
    .slice(0, MOST_ROUTES)
    .map(({ method, route, count, p50Micros, p99Micros }) => [
      code(`${method} ${route}`),
      formatCount(count),
      seconds > 0 ? formatNumber(count / seconds) : UNKNOWN,
      formatTime(p50Micros),
      formatTime(p99Micros),
    ]);
  const more = requests.routes.length - rows.length;
  const columns = ["requests", "req/s", "p50", "p99"].map((title) => ({ title, right: true }));
  return [
    "## Routes",
    "",
    ...markdownTable([{ title: "Route" }, ...columns], rows),
    ...(more > 0 ? ["", `${formatCount(more)} more routes.`] : []),
  ];
}

function foot(report: Report): string[] {
  const { dropped, notices, calibration } = report;
  const busy = busyPrices(calibration);
  return [
    `${ownCost(report)}; ${formatCount(dropped.samples)} samples and ${formatCount(dropped.windows)} windows dropped.`,
    ...(busy === null ? [] : [`\n${plain(`warning: ${busy}`)}`]),
    ...notices.map(({ severity, text }) => `\n${plain(severity === "info" ? text : `${severity}: ${text}`)}`),
  ];
}
