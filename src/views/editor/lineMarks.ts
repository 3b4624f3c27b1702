// Editor: the hottest lines of a report, one mark a line, by file. Pure.

import type { Category } from "../../protocol/categories.ts";
import type { Hotspot, Report } from "../../protocol/report.ts";

/** Below this share of its category a site is not worth a mark. */
const LEAST_SHARE = 0.02;

/** All that one category costs on one line. */
export interface LinePart {
  readonly category: Category;
  /** Largest first. */
  readonly hotspots: readonly Hotspot[];
  /** Sum over them; null when not a single one has a price. */
  readonly impactMicros: number | null;
}

export interface LineMark {
  readonly file: string;
  /** From 1, as it was measured. */
  readonly line: number;
  /** Largest first; never empty. */
  readonly parts: readonly [LinePart, ...LinePart[]];
}

/**
 * @param top the most lines to mark, over all files
 * @param leastMicros a request that a line costs at least; one without a price passes only without a limit
 */
export function lineMarks(report: Report, top: number, leastMicros = 0): LineMark[] {
  const lines = new Map<string, Hotspot[]>();
  for (const hotspot of report.hotspots) {
    if (hotspot.file === "" || hotspot.line < 1 || hotspot.share < LEAST_SHARE) continue;
    const key = `${hotspot.line}:${hotspot.file}`;
    const list = lines.get(key);
    if (list === undefined) lines.set(key, [hotspot]);
    else list.push(hotspot);
  }
  const marks = [...lines.values()].flatMap((hotspots) => markOf(hotspots));
  marks.sort((a, b) => rank(b.parts[0]) - rank(a.parts[0]) || share(b.parts[0]) - share(a.parts[0]));
  const dear = leastMicros <= 0 ? marks : marks.filter(({ parts: [first] }) => rank(first) >= leastMicros);
  return dear.slice(0, top);
}

function markOf(hotspots: readonly Hotspot[]): LineMark[] {
  const byCategory = new Map<Category, Hotspot[]>();
  for (const hotspot of hotspots)
    byCategory.set(hotspot.category, [...(byCategory.get(hotspot.category) ?? []), hotspot]);
  const [first, ...rest] = [...byCategory]
    .map(
      ([category, list]): LinePart => ({
        category,
        hotspots: list.sort((a, b) => b.amount - a.amount),
        impactMicros: sum(list),
      }),
    )
    .sort((a, b) => rank(b) - rank(a) || share(b) - share(a));
  const place = hotspots[0];
  return first === undefined || place === undefined
    ? []
    : [{ file: place.file, line: place.line, parts: [first, ...rest] }];
}

/** Within one category only: the two kinds of time are never added. */
function sum(hotspots: readonly Hotspot[]): number | null {
  const known = hotspots.map((hotspot) => hotspot.impactMicrosPerRequest).filter((impact) => impact !== null);
  return known.length === 0 ? null : known.reduce((total, impact) => total + impact, 0);
}

function rank(part: LinePart): number {
  return part.impactMicros ?? -1;
}

function share(part: LinePart): number {
  return part.hotspots.reduce((total, hotspot) => total + hotspot.share, 0);
}
