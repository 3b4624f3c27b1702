// Panel, hotspots: the rows as they stand below one another: sites, groups and their members, the "N more" row, what is
// open. Pure.

import type { Hotspot } from "../../src/protocol/report.ts";
import type { Ui } from "../state.ts";
import { type Item, membersOf, type Ranking } from "./ranking.ts";

export const FOLD_KEY = "\u0000fold";
export const DETAILS_KEY = "\u0000details";

interface Place {
  readonly key: string;
  /** From 1. */
  readonly level: number;
  /** Among the rows of its level below the same row, from 1. */
  readonly position: number;
  readonly size: number;
}
export type Entry = Place &
  (
    | { readonly type: "row"; readonly item: Item; readonly open: boolean; readonly parent: string | null }
    | { readonly type: "fold"; readonly items: readonly Item[] }
    | { readonly type: "details"; readonly hotspot: Hotspot }
  );

export interface Listed {
  readonly entries: readonly Entry[];
  /** As they stand: what keeps their order while the reader is at one. */
  readonly ranking: Ranking;
}

/** @param sites all sites by key, of which groups have members */
export function entriesOf(
  items: ReadonlyMap<string, Item>,
  sites: ReadonlyMap<string, Hotspot>,
  ranking: Ranking,
  { open, expanded, unfolded }: Pick<Ui, "open" | "expanded" | "unfolded">,
): Listed {
  const entries: Entry[] = [];
  const members = new Map<string, readonly string[]>();
  const isExpanded = new Set(expanded);
  let keyOfSite: Map<Hotspot, string> | null = null;

  const site = (key: string, item: Item, place: Omit<Place, "key">, parent: string | null) => {
    const isOpen = open === key;
    entries.push({ type: "row", key, item, open: isOpen, parent, ...place });
    if (!isOpen) return;
    const { hotspot } = item;
    entries.push({
      type: "details",
      key: DETAILS_KEY,
      hotspot,
      level: place.level + 1,
      position: 1,
      size: 1,
    });
  };
  const place = (key: string, position: number, size: number) => {
    const item = items.get(key);
    if (item === undefined) return;
    const { group } = item;
    if (group === null) return site(key, item, { level: 1, position, size }, null);
    const isOpen = isExpanded.has(key);
    entries.push({ type: "row", key, item, open: isOpen, parent: null, level: 1, position, size });
    if (!isOpen) return;
    keyOfSite ??= new Map([...sites].map(([each, hotspot]) => [hotspot, each]));
    const keys = group.members.flatMap((member) => keyOfSite?.get(member) ?? []);
    const ordered = membersOf(keys, ranking.members.get(key));
    members.set(key, ordered);
    for (const [at, each] of ordered.entries()) {
      const hotspot = sites.get(each);
      if (hotspot === undefined) continue;
      site(each, { hotspot, group: null }, { level: 2, position: at + 1, size: ordered.length }, key);
    }
  };

  const { shown, folded } = ranking;
  const size = shown.length + (folded.length > 0 ? 1 : 0) + (unfolded ? folded.length : 0);
  for (const [at, key] of shown.entries()) place(key, at + 1, size);
  if (folded.length > 0) {
    const inFold = folded.flatMap((key) => items.get(key) ?? []);
    entries.push({ type: "fold", key: FOLD_KEY, items: inFold, level: 1, position: shown.length + 1, size });
    if (unfolded) for (const [at, key] of folded.entries()) place(key, shown.length + at + 2, size);
  }
  return { entries, ranking: { ...ranking, members } };
}
