// Panel, hotspots: the sites that the reader may see, ranked: the report's and the packed ones after them, of one worker where
// one is chosen, without what is suppressed. Made anew only where one of these changed.

import { type HotspotTable, unpackHotspots } from "../../src/protocol/hotspotTable.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";
import { siteName } from "../../src/protocol/siteDetails.ts";
import type { Model } from "../state.ts";
import { ofWorker } from "./byWorker.ts";
import { rank } from "./ranking.ts";

export interface ShownSites {
  /** By key. */
  readonly ranked: ReadonlyMap<string, Hotspot>;
  readonly suppressed: ReadonlySet<Hotspot>;
  /** That there are in all, and how many of them are suppressed. */
  readonly all: number;
  readonly hidden: number;
}

export function makeSites(): (report: Report, model: Model) => ShownSites {
  let made: { readonly inputs: readonly unknown[]; readonly sites: ShownSites } | null = null;
  let unpacked: { readonly table: HotspotTable; readonly hotspots: readonly Hotspot[] } | null = null;

  function othersOf(table: HotspotTable | null): readonly Hotspot[] {
    if (table === null) return [];
    if (unpacked?.table !== table) unpacked = { table, hotspots: unpackHotspots(table) };
    return unpacked.hotspots;
  }

  return (report, { panel, ui }) => {
    const { others = null, suppressed: names = [] } = panel ?? {};
    const inputs = [report, others, ui.worker, ui.showSuppressed, ...names];
    if (made !== null && same(made.inputs, inputs)) return made.sites;
    const all = [...report.hotspots, ...othersOf(others)];
    const own = ui.worker === null ? all : ofWorker(all, report, ui.worker);
    const hiddenNames = new Set(names);
    const isHidden = (hotspot: Hotspot) => hiddenNames.size > 0 && hiddenNames.has(siteName(hotspot));
    const suppressed = new Set(own.filter(isHidden));
    const sites: ShownSites = {
      ranked: rank(ui.showSuppressed ? own : own.filter((hotspot) => !suppressed.has(hotspot))),
      suppressed,
      all: all.length,
      hidden: all.filter(isHidden).length,
    };
    made = { inputs, sites };
    return sites;
  };
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
