// Recording: a profile as the panel and the editor show it. Pure: of frames whose source is not resolved, it only
// knows what their URLs say.

import type { Profile } from "../model/profile.ts";
import { analyse } from "../model/report.ts";
import { toSeries } from "../model/series.ts";
import { siteDetails } from "../model/siteDetails.ts";
import { type HotspotTable, packHotspots } from "../protocol/hotspotTable.ts";
import type { PanelState, Range, Series } from "../protocol/panel.ts";
import type { Report } from "../protocol/report.ts";
import type { DetailsView, SiteDetails, SiteRef } from "../protocol/siteDetails.ts";
import { fixedScope, scopeOf, stepFor } from "./scope.ts";

/** That are listed whole; the others come packed. */
const MOST_HOTSPOTS = 200;

export interface Figures {
  readonly report: Report;
  /** The hotspots after the report's; null: there are none. */
  readonly others: HotspotTable | null;
  readonly series: Series;
  readonly scope: PanelState["scope"];
  /** Of these figures; null where the site is not among them. */
  details(site: SiteRef, view: DetailsView): SiteDetails | null;
}

/**
 * @param scopeSeconds 0: the whole session
 * @param range holds instead of it where it is given
 */
export function figuresOf(profile: Profile, scopeSeconds: number, range: Range | null = null): Figures {
  const { fromMicros, toMicros, label } =
    range === null ? scopeOf(profile, scopeSeconds) : fixedScope(profile, range);
  const millis = (micros: number) => Math.max(0, micros - profile.startedMicros) / 1_000;
  const analysis = analyse(profile, { fromMicros, toMicros, top: MOST_HOTSPOTS });
  return {
    report: analysis.report,
    others:
      analysis.others.length === 0 ? null : packHotspots(analysis.others, analysis.report.workers.length),
    series: toSeries(profile, stepFor(profile)),
    scope: { fromMs: millis(fromMicros), toMs: millis(toMicros), label },
    details: (site, view) => siteDetails(analysis, site, view),
  };
}
