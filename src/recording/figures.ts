// Recording: a profile as the panel and the editor show it. Pure: of frames whose source is not resolved, it only
// knows what their URLs say.

import type { Glance } from "../model/builder.ts";
import { findingsOf } from "../model/findings/findings.ts";
import { inEnglish, isTranslated } from "../model/l10n.ts";
import { newestOf } from "../model/newest.ts";
import type { Profile } from "../model/profile.ts";
import { RecentWindows } from "../model/recentWindows.ts";
import { refresh } from "../model/refresh.ts";
import { type Analysis, analyse } from "../model/report.ts";
import { seriesSteps } from "../model/series.ts";
import type { SeriesSteps } from "../model/seriesSteps.ts";
import { siteDetails } from "../model/siteDetails.ts";
import { Sites } from "../model/sites.ts";
import { textsWithin } from "../model/textsWithin.ts";
import { type HotspotTable, packHotspots } from "../protocol/hotspotTable.ts";
import type { MeasuredTexts } from "../protocol/measuredTexts.ts";
import type { Newest, PanelState, Range, Series } from "../protocol/panel.ts";
import type { Finding, Report } from "../protocol/report.ts";
import type { DetailsView, SiteDetails, SiteRef } from "../protocol/siteDetails.ts";
import { fixedScope, scopeOf } from "./scope.ts";

/** That are listed whole; the others come packed. */
const MOST_HOTSPOTS = 200;
/** Of the time line: an hour by the second. */
const MOST_STEPS = 3_600;
const LEAST_STEP_MILLIS = 500;

export interface Figures {
  readonly report: Report;
  /** The hotspots after the report's; null: there are none. */
  readonly others: HotspotTable | null;
  readonly series: Series;
  readonly scope: PanelState["scope"];
  readonly texts: MeasuredTexts;
  /** The report's findings for others to read; left out where it has them in English. */
  readonly englishFindings?: readonly Finding[];
  /** Of these figures; null where the site is not among them. */
  details(site: SiteRef, view: DetailsView): SiteDetails | null;
}

/** Of a recording that is as it is. */
export function figuresOf(profile: Profile, scopeSeconds: number, range: Range | null = null): Figures {
  return new GrowingFigures().whole(profile, scopeSeconds, range);
}

/** Of one recording, that may grow: what was made of its past is kept. */
export class GrowingFigures {
  #steps: SeriesSteps | null = null;
  #sites: Sites | null = null;
  readonly #recent = new RecentWindows();

  /**
   * @param scopeSeconds 0: the whole session
   * @param range holds instead of it where it is given
   */
  whole(profile: Profile, scopeSeconds: number, range: Range | null = null): Figures {
    const { fromMicros, toMicros, label } = spanOf(profile, scopeSeconds, range);
    this.#sites = Sites.following(this.#sites, profile);
    const analysis = analyse(profile, { fromMicros, toMicros, top: MOST_HOTSPOTS }, this.#sites);
    return {
      report: analysis.report,
      others:
        analysis.others.length === 0 ? null : packHotspots(analysis.others, analysis.report.workers.length),
      series: this.#series(profile),
      scope: { ...inMillis(profile, fromMicros, toMicros), label },
      texts: textsWithin(profile, fromMicros, toMicros),
      ...(isTranslated() ? { englishFindings: englishFindings(analysis) } : {}),
      details: (site, view) => siteDetails(analysis, site, view),
    };
  }

  /**
   * New exact figures; estimates stay as they were (`refresh`). A small part of what `whole` takes. Null where only all
   * figures made anew go together.
   */
  refreshed(figures: Figures, profile: Profile, scopeSeconds: number, range: Range | null): Figures | null {
    const { fromMicros, toMicros, label } = spanOf(profile, scopeSeconds, range);
    const from = Math.max(fromMicros, profile.measureFromMicros);
    const report = refresh(figures.report, profile, this.#recent.within(profile, from, toMicros));
    if (report === null) return null;
    return {
      ...figures,
      report,
      series: this.#series(profile),
      scope: { ...inMillis(profile, fromMicros, toMicros), label },
    };
  }

  /** What glances tell beyond a profile's windows of a scope that goes on; null: nothing. */
  newest(report: Report, profile: Profile, glances: readonly Glance[], scopeSeconds: number): Newest | null {
    if (glances.length === 0) return null;
    const { fromMicros, toMicros } = scopeOf(profile, scopeSeconds, glances);
    const from = Math.max(fromMicros, profile.measureFromMicros);
    const within = glances.filter(({ endMicros }) => endMicros > from && endMicros <= toMicros);
    return newestOf(report, profile, this.#recent.within(profile, from, toMicros), within);
  }

  #series(profile: Profile): Series {
    // Nothing was measured before the first worker, from which on the clock goes.
    if (this.#steps?.startMicros !== profile.startedMicros)
      this.#steps = seriesSteps(profile, LEAST_STEP_MILLIS, MOST_STEPS);
    this.#steps.follow(profile);
    return this.#steps.read(profile);
  }
}

function englishFindings({ report, others }: Analysis): Finding[] {
  const whole = { ...report, hotspots: [...report.hotspots, ...others], findings: [] };
  return inEnglish(() => findingsOf(whole));
}

function spanOf(profile: Profile, scopeSeconds: number, range: Range | null) {
  return range === null ? scopeOf(profile, scopeSeconds) : fixedScope(profile, range);
}

function inMillis({ startedMicros }: Profile, fromMicros: number, toMicros: number): Range {
  const millis = (micros: number) => Math.max(0, micros - startedMicros) / 1_000;
  return { fromMs: millis(fromMicros), toMs: millis(toMicros) };
}
