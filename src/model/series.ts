// Model: the session on a clock: rates and impacts step by step, for the time line.

import type { Category } from "../protocol/categories.ts";
import type { Series, SeriesMark } from "../protocol/panel.ts";
import { categoryMicros } from "./cost.ts";
import { perRequest } from "./hotspots.ts";
import type { Profile } from "./profile.ts";
import { restartsOf } from "./restarts.ts";
import { addWindow, emptySums, type Sums } from "./sums.ts";

const MOST_STEPS = 20_000;
/** Rows of windows, once for each further step that they are spread over: about a second of work. */
const MOST_SPREAD_ROWS = 20_000_000;
/** What an empty one takes, in rows. */
const ROWS_OF_A_WINDOW = 8;

interface Step {
  readonly sums: Sums;
  /** By worker: microseconds of the step that its windows cover. */
  readonly covered: Map<number, { micros: number; requests: number }>;
  majorGcs: number;
}

/**
 * Windows are spread over the steps they overlap. The last steps wait for the slowest worker's windows.
 * @param leastStepMs steps are longer where so many would take too much work
 */
export function toSeries(profile: Profile, leastStepMs: number): Series {
  const start = profile.startedMicros;
  const span = lastComplete(profile) - start;
  const stepMs = affordableStep(profile, span, Math.max(1, leastStepMs));
  const stepMicros = stepMs * 1000;
  const count = Math.min(MOST_STEPS, Math.ceil(span / stepMicros));
  const steps = Array.from(
    { length: Math.max(0, count) },
    (): Step => ({ sums: emptySums(), covered: new Map(), majorGcs: 0 }),
  );
  for (const window of profile.windows) {
    const length = window.endMicros - window.startMicros;
    if (length <= 0) continue;
    const first = Math.max(0, Math.floor((window.startMicros - start) / stepMicros));
    const last = Math.floor((window.endMicros - start - 1) / stepMicros);
    const requests = window.requests.reduce((sum, [, n]) => sum + n, 0);
    for (let at = first; at <= last; at++) {
      const step = steps[at];
      if (step === undefined) break;
      const from = Math.max(window.startMicros, start + at * stepMicros);
      const micros = Math.min(window.endMicros, start + (at + 1) * stepMicros) - from;
      addWindow(step.sums, profile, window, micros / length);
      const covered = step.covered.get(window.worker) ?? { micros: 0, requests: 0 };
      covered.micros += micros;
      covered.requests += (requests * micros) / length;
      step.covered.set(window.worker, covered);
    }
    const end = steps[last];
    if (end !== undefined)
      end.majorGcs += window.gc.reduce((sum, [kind, n]) => sum + (kind === "major" ? n : 0), 0);
  }
  const impact = (category: Category) =>
    steps.map(({ sums }) =>
      perRequest(categoryMicros(category, sums, profile.operations, profile.calibration), sums),
    );
  return {
    stepMs,
    atMs: steps.map((_, at) => at * stepMs),
    requestsPerSecond: steps.map(rateOf),
    impact: {
      copies: impact("copies"),
      switches: impact("switches"),
      allocations: impact("allocations"),
      locks: impact("locks"),
    },
    marks: marksOf(profile, steps, stepMs),
  };
}

/** Windows of a recording follow each other, but those of a file that was made up may all span the whole of it. */
function affordableStep(profile: Profile, span: number, leastStepMs: number): number {
  let stepMs = leastStepMs;
  while (stepMs * 1000 < span && spreadRows(profile, stepMs * 1000) > MOST_SPREAD_ROWS) stepMs *= 2;
  return stepMs;
}

function spreadRows({ windows }: Profile, stepMicros: number): number {
  let rows = 0;
  for (const { startMicros, endMicros, cells, requests, gc } of windows) {
    const steps = Math.min(MOST_STEPS, Math.ceil((endMicros - startMicros) / stepMicros));
    rows += (ROWS_OF_A_WINDOW + cells.length + requests.length + gc.length) * Math.max(0, steps - 1);
  }
  return rows;
}

/** Each worker's rate over the part of the step that it reported. */
function rateOf({ covered }: Step): number | null {
  if (covered.size === 0) return null;
  let rate = 0;
  for (const { micros, requests } of covered.values()) rate += micros > 0 ? (requests * 1e6) / micros : 0;
  return rate;
}

function lastComplete(profile: Profile): number {
  const ends = new Map<number, number>();
  for (const window of profile.windows)
    ends.set(window.worker, Math.max(ends.get(window.worker) ?? 0, window.endMicros));
  const all = [...ends.values()];
  const live = [...ends]
    .filter(([worker]) => profile.workers[worker]?.endedMicros === null)
    .map(([, end]) => end);
  const latest = Math.max(profile.startedMicros, ...all);
  // A worker that hangs must not hold the time line: three seconds, then the others go on alone.
  return live.length === 0 ? latest : Math.max(Math.min(...live), latest - 3_000_000);
}

function marksOf(profile: Profile, steps: readonly Step[], stepMs: number): SeriesMark[] {
  const at = (micros: number) => (micros - profile.startedMicros) / 1000;
  const marks: SeriesMark[] = [];
  if (profile.measureFromMicros > profile.startedMicros) {
    marks.push({ atMs: at(profile.measureFromMicros), kind: "warmup", label: "warm-up" });
  }
  for (const { atMs, what, worker } of restartsOf(profile)) {
    marks.push({
      atMs,
      kind: "restart",
      label: what === "server" ? "server restarted" : `worker ${worker} restarted`,
    });
  }
  for (const notice of profile.notices) {
    if (notice.severity !== "info")
      marks.push({ atMs: at(notice.atMicros), kind: "warning", label: notice.text });
  }
  steps.forEach(({ majorGcs }, index) => {
    if (majorGcs > 0)
      marks.push({
        atMs: index * stepMs,
        kind: "majorGc",
        label: majorGcs === 1 ? "major GC" : `${majorGcs} major GCs`,
      });
  });
  return marks.sort((a, b) => a.atMs - b.atMs);
}
