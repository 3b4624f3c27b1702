// Report: the ranked hotspots of all four categories in one list on one scale.

import {
  formatCertainty,
  formatNumber,
  formatPerRequest,
  formatShare,
  isWaiting,
  shownNumber,
} from "../model/format.ts";
import { notableWords } from "../model/formatKept.ts";
import { lineWords } from "../model/formatLine.ts";
import { BASIS_MEANING, formatHold, formatKeys, formatQueue } from "../model/formatWaits.ts";
import type { Hotspot, Location, Report } from "../protocol/report.ts";
import { cutEnd, cutStart, displayWidth, pad, printable } from "./columns.ts";
import { placeOf } from "./places.ts";
import { bar } from "./style.ts";
import type { TextContext } from "./text.ts";

/** Below this share of its category a site is folded away. */
const LEAST_SHARE = 0.02;
/** Waits longer than this many times the longest processor row are cut. */
const CUT = 4;
const BAR = 10;
/** Below it a hotspot takes two lines. */
const NARROW = 116;

export function hotspotLines(report: Report, context: TextContext): string[] {
  const { style, top } = context;
  const all = report.hotspots;
  const chosen = top === undefined ? all.filter((spot) => spot.share >= LEAST_SHARE) : all.slice(0, top);
  // Figures are rounded by their error, each to another place: the order is that of what is read.
  const shown = [...chosen].sort((a, b) => shownImpact(b) - shownImpact(a));
  if (all.length === 0) return [style.strong("Hotspots"), "No line was seen yet."];
  const scale = BAR / scaleOf(shown);
  const cells = shown.map((spot) => [
    bar(spot.impactMicrosPerRequest ?? 0, scale, BAR, isWaiting(spot.category)),
    formatNumber(spot.impactMicrosPerRequest, spot.relativeError),
    spot.kind,
    formatPerRequest(spot),
    formatShare(spot.share),
    formatCertainty(spot),
  ]);
  const widths = [BAR, 6, 4, 11, 5, 9].map((least, at) =>
    Math.max(least, ...cells.map((row) => displayWidth(row[at] ?? ""))),
  );
  const narrow = context.width < NARROW;
  const fixed = widths.reduce((sum, width) => sum + width + 2, 0);
  const room = narrow ? context.width - 4 : Math.max(24, context.width - fixed);
  const line = (row: readonly string[], site: string): string => {
    const [bars, impact, kind, amount, share, certainty] = row.map((cell, at) =>
      pad(cell, widths[at] ?? 0, at === 0 || at === 2 ? "left" : "right"),
    );
    const left = `${bars}  ${impact}  ${kind}`;
    const right = `${amount}  ${share}  ${certainty}`;
    return (narrow ? `${left}  ${right}` : `${left}  ${pad(site, room)}  ${right}`).trimEnd();
  };
  const lines = [
    `${style.strong("Hotspots")}  ${style.muted("█ processor  ▒ waiting")}`,
    style.muted(line(["Impact", "µs/req", "Kind", "Per request", "Share", "Certainty"], "Call site")),
  ];
  shown.forEach((spot, at) => {
    const row = [...(cells[at] as string[])];
    row[0] = style.category(spot.category, row[0] ?? "");
    row[1] = style.strong(row[1] ?? "");
    const site = siteText(spot, room, context);
    lines.push(line(row, site));
    if (narrow) lines.push(`    ${site}`);
    const indent = narrow ? 4 : (widths[0] ?? 0) + (widths[1] ?? 0) + (widths[2] ?? 0) + 6;
    for (const text of [...waitTexts(spot, room, context), ...basisTexts(spot, room, context)])
      lines.push(`${" ".repeat(indent)}${text}`);
  });
  const rest = restText(all.filter((spot) => !shown.includes(spot)));
  if (rest !== null) lines.push(style.muted(rest));
  return lines;
}

function shownImpact({ impactMicrosPerRequest, relativeError }: Hotspot): number {
  return impactMicrosPerRequest === null ? -1 : shownNumber(impactMicrosPerRequest, relativeError);
}

function scaleOf(spots: readonly Hotspot[]): number {
  const longest = (waiting: boolean) =>
    Math.max(
      0,
      ...spots
        .filter((spot) => isWaiting(spot.category) === waiting)
        .map((spot) => spot.impactMicrosPerRequest ?? 0),
    );
  const [processor, waiting] = [longest(false), longest(true)];
  return (processor > 0 ? Math.max(processor, Math.min(waiting, processor * CUT)) : waiting) || 1;
}

/** `placeOrder place.ts:19 → Mutex.acquire`, at most `room` wide: the path gives way first. */
export function siteText(
  spot: Hotspot,
  room: number,
  { cwd, style }: Pick<TextContext, "cwd" | "style">,
): string {
  const name = printable(spot.function);
  const callee = spot.callee === "" ? "" : ` → ${printable(spot.callee)}`;
  const place = placeOf(spot, cwd);
  const spare = room - displayWidth(callee) - 1;
  const shortName = cutEnd(name, Math.max(8, spare - Math.min(displayWidth(place), 16)));
  const shortPlace = cutStart(place, Math.max(8, spare - displayWidth(shortName)));
  const head = place === "" ? shortName : `${shortName} ${style.muted(shortPlace)}`;
  return head + cutEnd(callee, Math.max(4, room - displayWidth(head)));
}

/** Who held the lock, who let the waiter in; how the wait was seen, the lock's keys, the queue. */
function waitTexts(spot: Hotspot, room: number, { cwd, style }: TextContext): string[] {
  const by = (word: string, location: Location | null) => {
    if (location === null) return [];
    const place = placeOf(location, cwd);
    const name = printable(location.function);
    const spare = room - displayWidth(place) - displayWidth(word) - 2;
    return [`${word} ${cutEnd(name, Math.max(8, spare))} ${cutStart(place, Math.max(8, room - 18))}`];
  };
  const { basis } = spot;
  const seen = basis === null || basis === "exact" ? null : `${basis} (${BASIS_MEANING[basis]})`;
  const [keys, hold] = [formatKeys(spot), formatHold(spot)];
  const facts = [
    seen,
    keys === null ? null : `key ${printable(keys)}`,
    hold === null ? null : `held for ${hold}`,
    formatQueue(spot),
  ];
  const known = facts.filter((fact) => fact !== null).join("; ");
  const texts = [
    ...by("held by", spot.kind === "loop wait" ? null : spot.holder),
    ...by("let in by", spot.releaser),
  ];
  return [...texts, ...(known === "" ? [] : [cutEnd(known, Math.max(24, room))])].map(style.muted);
}

/** Said of lines that are no more than a function's, or an estimate; what stays of objects, what collecting them costs. */
function basisTexts(spot: Hotspot, room: number, { style }: TextContext): string[] {
  const { lineBasis, candidates = [] } = spot;
  const open = lineBasis === "function" && candidates.length > 0;
  const words = [open || lineBasis === "estimated" ? lineWords(spot) : null, notableWords(spot)];
  return words.flatMap((text) => (text === null ? [] : [style.muted(cutEnd(text, Math.max(24, room)))]));
}

/** The two kinds of time apart, as everywhere. */
function restText(rest: readonly Hotspot[]): string | null {
  if (rest.length === 0) return null;
  const sum = (waiting: boolean) =>
    rest
      .filter((spot) => isWaiting(spot.category) === waiting)
      .reduce((total, spot) => total + (spot.impactMicrosPerRequest ?? 0), 0);
  return `${rest.length} more: ${formatNumber(sum(false))} µs/req processor, ${formatNumber(sum(true))} waiting`;
}
