// Panel, hotspots: which sites are listed, in what order, which join the "N more" row. Pure.

import { isWaiting } from "../../src/model/format.ts";
import type { Category } from "../../src/protocol/categories.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { shownImpact } from "../figures.ts";
import type { Segment } from "../state.ts";
import { baseName } from "../words.ts";
import { isOf } from "./routes.ts";

/** Below this share of its category a site is folded away. */
export const FOLD_BELOW_SHARE = 0.02;
/** Waits longer than this many times the longest processor row are drawn cut. */
const CUT_WAITS_AT = 4;

export interface Filter {
  readonly segment: Segment;
  readonly category: Category | null;
  readonly route: string | null;
  readonly text: string;
}

export interface Ranking {
  readonly shown: readonly string[];
  readonly folded: readonly string[];
}

/** By key, in order of impact as shown, over both kinds of time; equal ones keep an order that does not flicker. */
export function rank(hotspots: readonly Hotspot[]): Map<string, Hotspot> {
  const keyed = new Map<string, Hotspot>();
  const sorted = [...hotspots].sort(
    (a, b) =>
      shownImpact(b.impactMicrosPerRequest, b.relativeError) -
        shownImpact(a.impactMicrosPerRequest, a.relativeError) || (keyOf(a) < keyOf(b) ? -1 : 1),
  );
  for (const hotspot of sorted) {
    let key = keyOf(hotspot);
    while (keyed.has(key)) key += "+";
    keyed.set(key, hotspot);
  }
  return keyed;
}

export function keyOf(hotspot: Hotspot): string {
  const { category, kind, file, line, column, callee, basis } = hotspot;
  return [category, kind, `${file}:${line}:${column}`, hotspot.function, callee, basis ?? ""].join("|");
}

export function matches(hotspot: Hotspot, filter: Filter): boolean {
  return (filter.route === null || isOf(hotspot, filter.route)) && matchesBesides(hotspot, filter);
}

/** Sites that would be listed if their routes were known. */
export function leftOut(hotspots: Iterable<Hotspot>, filter: Filter): number {
  if (filter.route === null) return 0;
  let sites = 0;
  for (const hotspot of hotspots)
    if (hotspot.routes.length === 0 && matchesBesides(hotspot, filter)) sites += 1;
  return sites;
}

function matchesBesides(hotspot: Hotspot, filter: Filter): boolean {
  if (filter.category !== null && hotspot.category !== filter.category) return false;
  if (filter.segment !== "all" && isWaiting(hotspot.category) !== (filter.segment === "waiting"))
    return false;
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return true;
  const { file, line, callee, kind, holder } = hotspot;
  const hay = [
    hotspot.function,
    `${file}:${line}`,
    callee,
    kind,
    holder?.function ?? "",
    hotspot.basis ?? "",
    hotspot.keys.map(({ key }) => key).join("\n"),
    holder === null ? "" : `${baseName(holder.file)}:${holder.line}`,
  ]
    .join("\n")
    .toLowerCase();
  return words.every((word) => hay.includes(word));
}

/**
 * What to list. With `held`, the ranking that stands is kept, because the reader is at one of the rows:
 * rows stay where they are, gone ones leave, new ones join at the end.
 */
export function layOut(ranked: ReadonlyMap<string, Hotspot>, filter: Filter, held: Ranking | null): Ranking {
  const shown: string[] = [];
  const folded: string[] = [];
  for (const [key, hotspot] of ranked) {
    if (!matches(hotspot, filter)) continue;
    // Who searches by text wants to see what was found.
    if (hotspot.share < FOLD_BELOW_SHARE && filter.text.trim() === "") folded.push(key);
    else shown.push(key);
  }
  if (held === null) return { shown, folded };
  const present = new Set([...shown, ...folded]);
  const known = new Set([...held.shown, ...held.folded]);
  return {
    shown: [...held.shown.filter((key) => present.has(key)), ...shown.filter((key) => !known.has(key))],
    folded: [...held.folded.filter((key) => present.has(key)), ...folded.filter((key) => !known.has(key))],
  };
}

/** Two sums that are never one: processor time and waiting time. Null when there is no such site. */
export interface Sums {
  readonly sites: number;
  readonly processorMicros: number | null;
  readonly waitingMicros: number | null;
}
export function sumsOf(hotspots: Iterable<Hotspot>): Sums {
  let sites = 0;
  let processorMicros: number | null = null;
  let waitingMicros: number | null = null;
  for (const { category, impactMicrosPerRequest } of hotspots) {
    sites += 1;
    const micros = impactMicrosPerRequest ?? 0;
    if (isWaiting(category)) waitingMicros = (waitingMicros ?? 0) + micros;
    else processorMicros = (processorMicros ?? 0) + micros;
  }
  return { sites, processorMicros, waitingMicros };
}

/** The impact that fills the whole bar: one linear scale for both kinds. */
export function barScale(hotspots: Iterable<Hotspot>): number {
  let processor = 0;
  let waiting = 0;
  for (const { category, impactMicrosPerRequest } of hotspots) {
    const micros = impactMicrosPerRequest ?? 0;
    if (isWaiting(category)) waiting = Math.max(waiting, micros);
    else processor = Math.max(processor, micros);
  }
  if (processor > 0 && waiting > CUT_WAITS_AT * processor) return CUT_WAITS_AT * processor;
  return Math.max(processor, waiting);
}
