// Model, comparison: which hotspot of one recording is which of the other. Lines move between two versions of a file, and
// checkouts stand in different folders: a site is its operation in a function of a file, and in it one of several in order.

import type { Hotspot } from "../../protocol/report.ts";

export interface Pair {
  readonly before: Hotspot | null;
  readonly after: Hotspot | null;
}

export interface Sites {
  readonly hotspots: readonly Hotspot[];
  /** The recorded command's folder. */
  readonly root: string;
}

export function pairSites(before: Sites, after: Sites): Pair[] {
  const [old, now] = [groupSites(before), groupSites(after)];
  const pairs: Pair[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()]))
    pairs.push(...pairGroup(old.get(key) ?? [], now.get(key) ?? []));
  return pairs;
}

function groupSites({ hotspots, root }: Sites): Map<string, Hotspot[]> {
  const groups = new Map<string, Hotspot[]>();
  for (const spot of hotspots) {
    const key = [spot.kind, spot.basis ?? "", spot.callee, spot.function, relativeTo(spot.file, root)].join(
      "\n",
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [spot]);
    else group.push(spot);
  }
  for (const group of groups.values()) group.sort((a, b) => a.line - b.line || a.column - b.column);
  return groups;
}

/** As many on both sides are the same in order, wherever they moved to. Else those that stayed in their lines come first. */
function pairGroup(before: readonly Hotspot[], after: readonly Hotspot[]): Pair[] {
  if (before.length === after.length)
    return before.map((spot, at) => ({ before: spot, after: after[at] ?? null }));
  const left = [...after];
  const open: Hotspot[] = [];
  const pairs: Pair[] = [];
  for (const spot of before) {
    const at = left.findIndex(({ line }) => line === spot.line);
    if (at < 0) open.push(spot);
    else pairs.push({ before: spot, after: left.splice(at, 1)[0] ?? null });
  }
  for (const spot of open) pairs.push({ before: spot, after: left.shift() ?? null });
  return [...pairs, ...left.map((spot) => ({ before: null, after: spot }))];
}

/** `src/place.ts`, with forward slashes; the whole path where it stands elsewhere. */
function relativeTo(file: string, root: string): string {
  const path = file.replaceAll("\\", "/");
  const folder = root.replaceAll("\\", "/").replace(/\/+$/, "");
  return folder !== "" && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}
