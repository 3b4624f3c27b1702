// Model: chains of copies in words, for every surface.

import type { ChainStation, CopyChain, Hotspot, Location } from "../protocol/report.ts";
import { formatCount } from "./format.ts";
import { t } from "./l10n.ts";

const MOST_NAMED = 6;

/** `Buffer.toString → JSON.parse → JSON.stringify`. */
export function formatStations({ stations }: CopyChain): string {
  const names = stations.map(({ callee }) => callee);
  if (names.length <= MOST_NAMED) return names.join(" → ");
  return `${names.slice(0, MOST_NAMED - 1).join(" → ")} → … → ${names.at(-1)}`;
}

/** `in 48 of 50 traced requests`. */
export function formatSeen({ seen, traced }: CopyChain): string {
  return t("in {0} of {1} traced requests", formatCount(seen), formatCount(traced));
}

/** How often the data that comes in at the first station is copied. */
export function timesCopied({ stations, bytesPerRequest }: CopyChain): number | null {
  const first = stations[0]?.bytesPerRequest ?? 0;
  return first > 0 ? bytesPerRequest / first : null;
}

export interface StationPlace {
  readonly chain: CopyChain;
  /** From 1. */
  readonly place: number;
  readonly before: ChainStation | null;
  readonly after: readonly ChainStation[];
}

/** Where a hotspot stands in the chain with the most bytes that has it. */
export function stationOf(hotspot: Hotspot, chains: readonly CopyChain[]): StationPlace | null {
  for (const chain of chains) {
    const at = chain.stations.findIndex(
      (station) =>
        isAt(station, hotspot) && station.kind === hotspot.kind && station.callee === hotspot.callee,
    );
    const station = chain.stations[at];
    if (station === undefined) continue;
    const before = station.from === null ? null : (chain.stations[station.from] ?? null);
    const after = chain.stations.filter(({ from }) => from === at);
    return { chain, place: at + 1, before, after };
  }
  return null;
}

function isAt(a: Location, b: Location): boolean {
  return a.file === b.file && a.line === b.line && (a.file !== "" || a.function === b.function);
}

/** `copy 3 of 7`. */
export function formatPlace({ chain, place }: StationPlace): string {
  return t("copy {0} of {1}", formatCount(place), formatCount(chain.stations.length));
}
