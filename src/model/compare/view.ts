// Model, comparison: what the comparison's view shows of two recordings, bounded.

import type { CompareState } from "../../protocol/comparePanel.ts";
import type { HotspotChange, Verdict } from "../../protocol/comparison.ts";
import type { Series } from "../../protocol/panel.ts";
import type { Profile } from "../profile.ts";
import { toSeries } from "../series.ts";
import { compareProfiles } from "./compare.ts";

const MOST_ROWS_OF_A_GROUP = 300;
const MOST_STEPS = 240;
const LEAST_STEP_MS = 500;

export function viewOf(
  before: Profile,
  after: Profile,
): Pick<CompareState, "comparison" | "series" | "omitted"> {
  const comparison = compareProfiles(before, after);
  const hotspots = comparison.hotspots.filter(upTo(MOST_ROWS_OF_A_GROUP)).map(withoutStacks);
  const calibration = after.calibration ?? before.calibration;
  const stepMs = Math.max(LEAST_STEP_MS, Math.ceil(Math.max(spanMs(before), spanMs(after)) / MOST_STEPS));
  const series = (profile: Profile) => measured({ ...profile, calibration }, stepMs);
  return {
    comparison: { ...comparison, hotspots },
    series: { before: series(before), after: series(after) },
    omitted: comparison.hotspots.length - hotspots.length,
  };
}

function upTo(most: number): (change: HotspotChange) => boolean {
  const seen: Record<Verdict, number> = { more: 0, less: 0, unclear: 0 };
  return ({ verdict }) => {
    seen[verdict] += 1;
    return seen[verdict] <= most;
  };
}

/** The view shows none. */
function withoutStacks({ before, after, ...change }: HotspotChange): HotspotChange {
  const side = (spot: typeof before) => (spot === null ? null : { ...spot, stack: [] });
  return { ...change, before: side(before), after: side(after) };
}

function spanMs({ startedMicros, endedMicros }: Profile): number {
  return Math.max(0, endedMicros - startedMicros) / 1_000;
}

/** From the end of the warm-up on, its clock from there; steps that lie partly before it are left out. */
function measured(profile: Profile, leastStepMs: number): Series {
  const { stepMs, atMs, requestsPerSecond, impact } = toSeries(profile, leastStepMs);
  const from = Math.max(0, profile.measureFromMicros - profile.startedMicros) / 1_000;
  const first = atMs.findIndex((ms) => ms >= from);
  const cut = <T>(column: readonly T[]) => (first < 0 ? [] : column.slice(first));
  const begin = atMs[first] ?? 0;
  return {
    stepMs,
    atMs: cut(atMs).map((ms) => ms - begin),
    requestsPerSecond: cut(requestsPerSecond),
    impact: {
      copies: cut(impact.copies),
      switches: cut(impact.switches),
      allocations: cut(impact.allocations),
      locks: cut(impact.locks),
    },
    marks: [],
  };
}
