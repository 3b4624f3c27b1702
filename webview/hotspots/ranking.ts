// Panel, hotspots: which rows are listed, sites or groups of them, in what order, which join the "N more" row. Pure.

import { isWaiting } from "../../src/model/format.ts";
import { hotspotKey, inShownOrder } from "../../src/model/formatOrder.ts";
import { type Grouping, groupHotspots, type HotspotGroup } from "../../src/model/groups.ts";
import type { Category } from "../../src/protocol/categories.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
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

/** Keys of rows in the order they stand. */
export interface Ranking {
  readonly shown: readonly string[];
  readonly folded: readonly string[];
  /** Of groups that were looked into: their members' keys. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}
export const NO_RANKING: Ranking = { shown: [], folded: [], members: new Map() };

/** A row's figures; of a group their sum. */
export interface Item {
  readonly hotspot: Hotspot;
  /** Null: a site. */
  readonly group: HotspotGroup | null;
}

/** By key, in the order in which they are listed. */
export function rank(hotspots: readonly Hotspot[]): Map<string, Hotspot> {
  const keyed = new Map<string, Hotspot>();
  for (const { key: wanted, hotspot } of inShownOrder(
    hotspots.map((each) => ({ key: hotspotKey(each), hotspot: each })),
  )) {
    let key = wanted;
    while (keyed.has(key)) key += "+";
    keyed.set(key, hotspot);
  }
  return keyed;
}

/** What is listed: the sites themselves, or groups of them; a line with one site is that site. */
export function itemsOf(sites: ReadonlyMap<string, Hotspot>, by: Grouping): Map<string, Item> {
  if (by === "site") return itemsOfSites(sites);
  const keys = new Map([...sites].map(([key, hotspot]) => [hotspot, key]));
  const items = groupHotspots(sites.values(), by).map((group) => {
    const [only] = group.members;
    return by === "line" && only !== undefined && group.members.length === 1
      ? { key: keys.get(only) ?? group.key, hotspot: only, group: null }
      : { key: group.key, hotspot: group.sum, group };
  });
  return new Map(inShownOrder(items).map(({ key, hotspot, group }) => [key, { hotspot, group }]));
}

/** Made once for all that is shown of the same sites. */
const itemsOfSites = onceFor((sites: ReadonlyMap<string, Hotspot>): Map<string, Item> => {
  const items = new Map<string, Item>();
  for (const [key, hotspot] of sites) items.set(key, { hotspot, group: null });
  return items;
});

/** Of tens of thousands of rows each look at all of them is seen: what follows from them alone is kept as long as they are. */
function onceFor<K extends object, V>(make: (from: K) => V): (from: K) => V {
  const made = new WeakMap<K, V>();
  return (from) => {
    const known = made.get(from);
    if (known !== undefined) return known;
    const value = make(from);
    made.set(from, value);
    return value;
  };
}

export function matches(hotspot: Hotspot, filter: Filter): boolean {
  return (filter.route === null || isOf(hotspot, filter.route)) && matchesBesides(hotspot, filter);
}

export function matching(sites: ReadonlyMap<string, Hotspot>, filter: Filter): ReadonlyMap<string, Hotspot> {
  const { segment, category, route, text } = filter;
  if (segment === "all" && category === null && route === null && text.trim() === "") return sites;
  const found = new Map<string, Hotspot>();
  for (const [key, hotspot] of sites) if (matches(hotspot, filter)) found.set(key, hotspot);
  return found;
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
  const hay = searchable(hotspot);
  return words.every((word) => hay.includes(word));
}

/** Made once a site: among tens of thousands each letter typed looks through all. */
const searched = new WeakMap<Hotspot, string>();
function searchable(hotspot: Hotspot): string {
  const known = searched.get(hotspot);
  if (known !== undefined) return known;
  const { file, line, callee, kind, holder } = hotspot;
  const hay = [
    hotspot.function,
    `${file}:${line}`,
    callee,
    hotspot.dependency ?? "",
    kind,
    holder?.function ?? "",
    hotspot.basis ?? "",
    hotspot.key ?? "",
    hotspot.keys.map(({ key }) => key).join("\n"),
    holder === null ? "" : `${baseName(holder.file)}:${holder.line}`,
  ]
    .join("\n")
    .toLowerCase();
  searched.set(hotspot, hay);
  return hay;
}

/**
 * What to list of `items`. With `held`, the ranking that stands is kept, because the reader is at one of the rows:
 * rows stay where they are, gone ones leave, new ones join at the end.
 * @param searching who searches by text wants to see what was found: nothing is folded away
 */
export function layOut(items: ReadonlyMap<string, Item>, searching: boolean, held: Ranking | null): Ranking {
  const { shown, folded } = searching ? { shown: [...items.keys()], folded: [] } : foldedOf(items);
  if (held === null) return { shown, folded, members: new Map() };
  const known = new Set([...held.shown, ...held.folded]);
  const joined = (before: readonly string[], now: readonly string[]) => [
    ...before.filter((key) => items.has(key)),
    ...now.filter((key) => !known.has(key)),
  ];
  return { shown: joined(held.shown, shown), folded: joined(held.folded, folded), members: held.members };
}

const foldedOf = onceFor((items: ReadonlyMap<string, Item>): Pick<Ranking, "shown" | "folded"> => {
  const shown: string[] = [];
  const folded: string[] = [];
  for (const [key, { hotspot }] of items) (hotspot.share < FOLD_BELOW_SHARE ? folded : shown).push(key);
  return { shown, folded };
});

/** A group's members in the order in which they stand, where one does; new ones join at the end. */
export function membersOf(keys: readonly string[], held: readonly string[] | undefined): readonly string[] {
  if (held === undefined) return keys;
  const [present, known] = [new Set(keys), new Set(held)];
  return [...held.filter((key) => present.has(key)), ...keys.filter((key) => !known.has(key))];
}

/** Two sums that are never one: processor time and waiting time. Null when there is no such site. */
export interface Sums {
  readonly sites: number;
  readonly processor: Sum | null;
  readonly waiting: Sum | null;
}
export interface Sum {
  /** Of those that have a price; null: none has. */
  readonly micros: number | null;
}
export function sumsOf(hotspots: readonly Hotspot[]): Sums {
  const [processor, waiting] = [false, true].map((waits) =>
    sumOf(hotspots.filter(({ category }) => isWaiting(category) === waits)),
  ) as [Sum | null, Sum | null];
  return { sites: hotspots.length, processor, waiting };
}

function sumOf(hotspots: readonly Hotspot[]): Sum | null {
  if (hotspots.length === 0) return null;
  let sum: number | null = null;
  for (const { impactMicrosPerRequest: micros } of hotspots) if (micros !== null) sum = (sum ?? 0) + micros;
  return { micros: sum };
}

/** Of all sites, by key. */
export const siteScale = onceFor((sites: ReadonlyMap<string, Hotspot>) => barScale(sites.values()));

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
