// Model: a whole profile on a clock: rates and impacts step by step, for the time line.

import type { Series } from "../protocol/panel.ts";
import { SeriesSteps, type Timed } from "./seriesSteps.ts";

const MOST_STEPS = 20_000;
/** Steps that all windows together are spread over: about a second of work. */
const MOST_SPREAD = 5_000_000;

/** @param leastStepMs steps are longer where so many would take too much work */
export function toSeries(profile: Timed, leastStepMs: number): Series {
  const steps = seriesSteps(profile, leastStepMs, MOST_STEPS);
  for (const window of profile.windows) steps.add(profile, window);
  return steps.read(profile);
}

/** Empty, for a profile that may have windows already. */
export function seriesSteps(profile: Timed, leastStepMs: number, mostSteps: number): SeriesSteps {
  return new SeriesSteps(profile.startedMicros, affordableStep(profile, Math.max(1, leastStepMs)), mostSteps);
}

/** Windows of a recording follow each other, but those of a file that was made up may all span the whole of it. */
function affordableStep({ windows }: Timed, leastStepMs: number): number {
  let stepMs = leastStepMs;
  while (spread(windows, stepMs * 1_000) > MOST_SPREAD) stepMs *= 2;
  return stepMs;
}

/** Beyond one step each. */
function spread(windows: Timed["windows"], stepMicros: number): number {
  let steps = 0;
  for (const { startMicros, endMicros } of windows)
    steps += Math.max(0, Math.min(MOST_STEPS, Math.ceil((endMicros - startMicros) / stepMicros)) - 1);
  return steps;
}
