// Recording: a profile as the panel and the editor show it. Pure: of frames whose source is not resolved, it only
// knows what their URLs say.

import type { Profile } from "../model/profile.ts";
import { toReport } from "../model/report.ts";
import { toSeries } from "../model/series.ts";
import type { PanelState, Range, Series } from "../protocol/panel.ts";
import type { Report } from "../protocol/report.ts";
import { fixedScope, scopeOf, stepFor } from "./scope.ts";

const MOST_HOTSPOTS = 200;

export interface Figures {
  readonly report: Report;
  readonly series: Series;
  readonly scope: PanelState["scope"];
}

/**
 * @param scopeSeconds 0: the whole session
 * @param range holds instead of it where it is given
 */
export function figuresOf(profile: Profile, scopeSeconds: number, range: Range | null = null): Figures {
  const { fromMicros, toMicros, label } =
    range === null ? scopeOf(profile, scopeSeconds) : fixedScope(profile, range);
  const millis = (micros: number) => Math.max(0, micros - profile.startedMicros) / 1_000;
  return {
    report: toReport(profile, { fromMicros, toMicros, top: MOST_HOTSPOTS }),
    series: toSeries(profile, stepFor(profile)),
    scope: { fromMs: millis(fromMicros), toMs: millis(toMicros), label },
  };
}
