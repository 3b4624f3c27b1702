// Tools for language models: what they are told of a recording. Short, bounded, with units and certainty on every figure.

import {
  CATEGORY_NAME,
  formatCertainty,
  formatCount,
  formatImpact,
  formatNumber,
  formatPerRequest,
  formatShare,
  formatTime,
  isWaiting,
  shareInText,
} from "../model/format.ts";
import { formatHold, formatKeys, formatQueue } from "../model/formatWaits.ts";
import { CATEGORIES, type Category } from "../protocol/categories.ts";
import type { Comparison } from "../protocol/comparison.ts";
import type { Hotspot, Location, Report } from "../protocol/report.ts";
import { printable } from "../report/columns.ts";
import { formatComparisonMarkdown } from "../report/compareMarkdown.ts";
import { KIND_MEANING, PRICE_MEANING } from "../report/kindMeaning.ts";

/** Of an answer, characters: about 3,000 tokens. */
export const MOST_CHARACTERS = 12_000;
const STACK_SHOWN = 12;
const FINDINGS_SHOWN = 5;

export function listHotspots(report: Report, top: number, category: Category | null): string {
  const all = report.hotspots.filter((spot) => category === null || spot.category === category);
  const rows = all.slice(0, top).map((spot) => `${report.hotspots.indexOf(spot) + 1}. ${oneLine(spot)}`);
  const more = all.length - rows.length;
  return bounded([
    ...headLines(report),
    "",
    ...(rows.length > 0 ? rows : ["No hotspot was seen."]),
    ...(more > 0 ? [`${formatCount(more)} more.`] : []),
    ...adviceLines(report, category),
  ]);
}

/** @param rank as listed, from 1 */
export function explainHotspot(report: Report, rank: number): string | null {
  const spot = report.hotspots[rank - 1];
  if (spot === undefined) return null;
  const { holder, releaser, kept, routes, file, line } = spot;
  const place = (location: Location) => `${location.function} ${location.file}:${location.line}`;
  const facts: (readonly [string, string | null])[] = [
    ["What it is", KIND_MEANING[spot.kind]],
    ["Its price", PRICE_MEANING[spot.category]],
    ["Samples", formatCount(spot.samples)],
    ["Held by", holder === null ? null : place(holder)],
    ["Let in by", releaser === null ? null : place(releaser)],
    ["Keys", formatKeys(spot)],
    ["Queue", formatQueue(spot)],
    ["Held for", formatHold(spot)],
    ["Still in use after a moment", kept ? formatShare(kept.share) : null],
    ["Candidate lines", spot.lineBasis === "function" ? (spot.candidates ?? []).join(", ") : null],
    [
      "Routes",
      routes.map(({ method, route, share }) => `${method} ${route} (${formatShare(share)})`).join(", "),
    ],
  ];
  const findings = report.findings.filter(({ locations }) =>
    locations.some((location) => location.file === file && location.line === line),
  );
  return bounded([
    `${rank}. ${oneLine(spot)}`,
    ...facts.flatMap(([name, value]) => (value === null || value === "" ? [] : [`${name}: ${value}`])),
    "Heaviest stack, innermost first:",
    ...spot.stack.slice(0, STACK_SHOWN).map((location) => `  ${place(location)}`),
    ...findings.map(({ title, evidence, advice }) => `Advice: ${title} ${evidence} ${advice}`),
    ...(findings.length === 0 ? ["Darcy has no advice for this line."] : []),
    "",
    ...headLines(report),
  ]);
}

/** What the recording as a whole calls for; some of it belongs to no single line. */
function adviceLines({ findings }: Report, category: Category | null): string[] {
  const told = findings.filter((finding) => category === null || finding.category === category);
  if (told.length === 0) return ["", "Nothing was found that Darcy has advice for."];
  const lines = told.slice(0, FINDINGS_SHOWN).map(({ title, evidence, advice, locations: [first] }) => {
    const where = first === undefined ? "" : ` (${first.file}:${first.line})`;
    return `- ${title}${where} ${evidence} ${advice}`;
  });
  return ["", "What to do, weightiest first:", ...lines];
}

export function compareAnswer(comparison: Comparison, cwd: string): string {
  return bounded(formatComparisonMarkdown(comparison, { top: 10, cwd }).split("\n"));
}

function headLines(report: Report): string[] {
  const { command, durationMs, requests, totals, processorMicrosPerRequest, node, topology } = report;
  const peers = report.workers.filter(({ role }) => role === "peer");
  const busy = peers.reduce((sum, { loopUtilization }) => sum + loopUtilization, 0) / peers.length;
  const category = (name: Category) =>
    `${CATEGORY_NAME[name]} ${formatImpact(totals[name].impactMicrosPerRequest)} ${timeOf(name)}`;
  return [
    `Recording of: ${command.join(" ")}`,
    `${formatCount(requests.total)} requests in ${(durationMs / 1_000).toFixed(1)} s at ${formatNumber(requests.perSecond)} req/s, p50 ${formatTime(requests.p50Micros)}, p99 ${formatTime(requests.p99Micros)}, processor time ${formatImpact(processorMicrosPerRequest)}.`,
    `Node ${node.replace(/^v/, "")}, ${peers.length} worker${peers.length === 1 ? "" : "s"} (${topology}), event loops ${formatShare(peers.length === 0 ? null : busy)} busy.`,
    `${CATEGORIES.map(category).join("; ")}. Processor and waiting time are never added.`,
  ];
}

function oneLine(spot: Hotspot): string {
  const callee = spot.callee === "" ? "" : ` → ${spot.callee}`;
  const place = spot.file === "" ? "" : ` ${spot.file}:${spot.line}`;
  return `${formatImpact(spot.impactMicrosPerRequest, spot.relativeError)} ${timeOf(spot.category)}, ${spot.kind}: ${spot.function}${place}${callee}; ${formatPerRequest(spot)} a request, ${shareInText(spot.share, spot.category)}, ${formatCertainty(spot)}`;
}

function timeOf(category: Category): string {
  return isWaiting(category) ? "waiting" : "processor";
}

/** Names come from the measured program: control characters are shown, not sent. */
function bounded(lines: readonly string[]): string {
  const text = lines.map(printable).join("\n").trim();
  const cut = "\n(cut: ask for fewer)";
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - cut.length)}${cut}`;
}
