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
} from "../model/format.ts";
import { formatHold, formatKeys, formatQueue } from "../model/formatWaits.ts";
import { CATEGORIES, type Category } from "../protocol/categories.ts";
import type { Comparison } from "../protocol/comparison.ts";
import type { Hotspot, Location, Report } from "../protocol/report.ts";
import { printable } from "../report/columns.ts";
import { formatComparisonMarkdown } from "../report/compareMarkdown.ts";

/** Of an answer, characters: about 3,000 tokens. */
export const MOST_CHARACTERS = 12_000;
const STACK_SHOWN = 12;

export function listHotspots(report: Report, top: number, category: Category | null): string {
  const all = report.hotspots.filter((spot) => category === null || spot.category === category);
  const rows = all.slice(0, top).map((spot) => `${report.hotspots.indexOf(spot) + 1}. ${oneLine(spot)}`);
  const more = all.length - rows.length;
  return bounded([
    ...headLines(report),
    "",
    ...(rows.length > 0 ? rows : ["No hotspot was seen."]),
    ...(more > 0 ? [`${formatCount(more)} more.`] : []),
  ]);
}

/** @param rank as listed, from 1 */
export function explainHotspot(report: Report, rank: number): string | null {
  const spot = report.hotspots[rank - 1];
  if (spot === undefined) return null;
  const { holder, releaser, kept, routes, file, line } = spot;
  const place = (location: Location) => `${location.function} ${location.file}:${location.line}`;
  const facts: (readonly [string, string | null])[] = [
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
    findings.length === 0 ? "No advice: nothing that was measured calls for a change here." : "",
    ...headLines(report),
  ]);
}

export function compareAnswer(comparison: Comparison, cwd: string): string {
  return bounded(formatComparisonMarkdown(comparison, { top: 10, cwd }).split("\n"));
}

function headLines({ command, durationMs, requests, totals, processorMicrosPerRequest }: Report): string[] {
  const category = (name: Category) =>
    `${CATEGORY_NAME[name]} ${formatImpact(totals[name].impactMicrosPerRequest)} ${timeOf(name)}`;
  return [
    `Recording of: ${command.join(" ")}`,
    `${formatCount(requests.total)} requests in ${(durationMs / 1_000).toFixed(1)} s at ${formatNumber(requests.perSecond)} req/s, p50 ${formatTime(requests.p50Micros)}, p99 ${formatTime(requests.p99Micros)}, processor time ${formatImpact(processorMicrosPerRequest)}.`,
    `${CATEGORIES.map(category).join("; ")}. Processor and waiting time are never added.`,
  ];
}

function oneLine(spot: Hotspot): string {
  const callee = spot.callee === "" ? "" : ` → ${spot.callee}`;
  const place = spot.file === "" ? "" : ` ${spot.file}:${spot.line}`;
  return `${formatImpact(spot.impactMicrosPerRequest, spot.relativeError)} ${timeOf(spot.category)}, ${spot.kind}: ${spot.function}${place}${callee}; ${formatPerRequest(spot)} a request, ${formatShare(spot.share)} of ${CATEGORY_NAME[spot.category].toLowerCase()}, ${formatCertainty(spot)}`;
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
