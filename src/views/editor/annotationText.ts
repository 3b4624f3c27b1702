// Editor: the few words after a line of code. Pure.

import {
  categoryInText,
  dependsOnLoad,
  formatCount,
  formatImpact,
  formatNumber,
  formatPerRequest,
  formatPerRequestWords,
  isWaiting,
} from "../../model/format.ts";
import { t } from "../../model/l10n.ts";
import type { Hotspot, Report } from "../../protocol/report.ts";
import type { LineMark, LinePart } from "./lineMarks.ts";

/** A second category below this part of the first is not worth the room. */
const LEAST_OF_FIRST = 0.05;

/** `68 µs/req, 61.4 KB serialised`; with a second category `61 µs/req, copies 47`. What depends on the load is not without its rate. */
export function annotationText(mark: LineMark, report: Report, lineNow: LineNow = same): string {
  const [first, second] = mark.parts;
  const rated = (text: string) => t("{0} at {1} req/s", text, formatCount(report.requests.perSecond));
  const impact = impactText(first);
  if (second === undefined || second.impactMicros === null || !isWorthWords(second, first)) {
    const detail = detailText(first, mark, lineNow);
    const words =
      first.category === "switches"
        ? [impact, rated(detail)]
        : [isWaiting(first.category) && impact !== "" ? rated(impact) : impact, detail];
    return words.filter((text) => text !== "").join(", ");
  }
  const other = isWaiting(second.category) && !isWaiting(first.category);
  const figure = other ? t("{0} waiting", impactNumber(second)) : impactNumber(second);
  const named = `${categoryInText(second.category)} ${figure}`;
  // Once for both.
  if (dependsOnLoad(second.category)) return `${impact}, ${rated(named)}`;
  return `${dependsOnLoad(first.category) ? rated(impact) : impact}, ${named}`;
}

function isWorthWords(second: LinePart, first: LinePart): boolean {
  return (second.impactMicros ?? 0) >= LEAST_OF_FIRST * (first.impactMicros ?? Number.POSITIVE_INFINITY);
}

function impactText(part: LinePart): string {
  if (part.impactMicros === null) return "";
  const impact = formatImpact(part.impactMicros, errorOf(part));
  return isWaiting(part.category) ? t("{0} waiting", impact) : impact;
}

function impactNumber(part: LinePart): string {
  return formatNumber(part.impactMicros, errorOf(part));
}

/** No more digits than the error of its largest site allows. */
function errorOf(part: LinePart): number | null {
  return part.hotspots[0]?.relativeError ?? null;
}

function detailText(part: LinePart, mark: LineMark, lineNow: LineNow): string {
  const [hotspot, ...others] = part.hotspots;
  if (hotspot === undefined) return "";
  if (part.category === "locks") return holderText(hotspot, mark.file, lineNow);
  return others.length === 0 && part.category !== "switches" ? formatPerRequestWords(hotspot) : summed(part);
}

/** Several operations on one line, in the unit that they share. */
function summed(part: LinePart): string {
  const [first] = part.hotspots;
  if (first === undefined) return "";
  const add = (of: (hotspot: Hotspot) => number) =>
    part.hotspots.reduce((total, hotspot) => total + of(hotspot), 0);
  return formatPerRequest({
    ...first,
    amount: add((hotspot) => hotspot.amount),
    count: add((hotspot) => hotspot.count),
    perRequest: first.perRequest === null ? null : add((hotspot) => hotspot.perRequest ?? 0),
  });
}

function holderText({ holder, ...hotspot }: Hotspot, file: string, lineNow: LineNow): string {
  return holder === null ? formatPerRequest(hotspot) : t("held by {0}", placeNow(holder, file, lineNow));
}

/** Where a measured line of the marked file stands now, both from 1; null when that is not known. */
export type LineNow = (measured: number) => number | null;
export const same: LineNow = (measured) => measured;

export function placeNow(place: { file: string; line: number }, here: string, lineNow: LineNow): string {
  const line = place.file === here ? lineNow(place.line) : place.line;
  return line === null
    ? t("{0} as measured", shortPlace(place.file, place.line, here))
    : shortPlace(place.file, line, here);
}

/** `:20` in the same file, else `db.ts:20`. */
export function shortPlace(file: string, line: number, here: string): string {
  return file === here
    ? `:${line}`
    : `${file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}:${line}`;
}
