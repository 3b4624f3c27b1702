// Model: the session on a clock, grown window by window: each is priced once and spread over the steps that it overlaps. What
// was taken in stays as fine as it came, also where the builder has joined its windows since.

import { CATEGORIES, type Category } from "../protocol/categories.ts";
import type { Series } from "../protocol/panel.ts";
import { categoryMicros, isMeasured } from "./cost.ts";
import { measuredMicros } from "./measuredTime.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import { marksOf } from "./seriesMarks.ts";
import { addWindow, emptySums } from "./sums.ts";

/** No window comes so long after others that ended when it did. */
const LATEST_MICROS = 60e6;

interface Step {
  /** Null: not known, or not yet. */
  readonly micros: Record<Category, number | null>;
  /** By worker: microseconds of the step that its windows cover. */
  readonly covered: Map<number, { micros: number; requests: number }>;
  requests: number;
  majorGcs: number;
}

/** What a session's time line needs of a profile. */
export type Timed = Pick<
  Profile,
  | "startedMicros"
  | "measureFromMicros"
  | "calibration"
  | "operations"
  | "workers"
  | "topology"
  | "notices"
  | "windows"
>;

export class SeriesSteps {
  private steps: Step[] = [];
  /** Of what was taken in, by worker. */
  private readonly ends = new Map<number, number>();
  private last: Series | null = null;
  /** Since the last time it was read. */
  private changedFrom = 0;

  /** @param mostSteps past it, steps become twice as long */
  constructor(
    readonly startMicros: number,
    private stepMs: number,
    private readonly mostSteps: number,
  ) {}

  /** Takes in what came since the last time, of windows in the order in which they end; a worker's follow each other. */
  follow(profile: Timed): void {
    const before = new Map(this.ends);
    const oldest = Math.max(...before.values()) - LATEST_MICROS;
    const { windows } = profile;
    let from = windows.length;
    while (from > 0 && !((windows[from - 1] as ProfileWindow).endMicros < oldest)) from--;
    for (let at = from; at < windows.length; at++) {
      const window = windows[at] as ProfileWindow;
      if (window.endMicros > (before.get(window.worker) ?? Number.NEGATIVE_INFINITY))
        this.add(profile, window);
    }
  }

  add(profile: Timed, window: ProfileWindow): void {
    const { startMicros, endMicros, worker } = window;
    this.ends.set(worker, Math.max(this.ends.get(worker) ?? 0, endMicros));
    const length = endMicros - startMicros;
    if (!(length > 0)) return;
    while (endMicros - this.startMicros > this.mostSteps * this.stepMicros) this.double();
    const sums = emptySums();
    addWindow(sums, profile, window, 1);
    const { operations, calibration } = profile;
    const prices = CATEGORIES.map(
      (name) => [name, categoryMicros(name, sums, operations, calibration)] as const,
    );
    const first = Math.max(0, Math.floor((startMicros - this.startMicros) / this.stepMicros));
    const last = Math.floor((endMicros - this.startMicros - 1) / this.stepMicros);
    this.changedFrom = Math.min(this.changedFrom, first);
    for (let at = first; at <= last; at++) {
      const step = this.stepAt(at);
      const begin = this.startMicros + at * this.stepMicros;
      const micros = Math.min(endMicros, begin + this.stepMicros) - Math.max(startMicros, begin);
      const part = micros / length;
      for (const [name, price] of prices)
        if (price !== null) step.micros[name] = (step.micros[name] ?? 0) + price * part;
      step.requests += sums.requests * part;
      cover(step, worker, measuredMicros(window) * part, sums.requests * part);
    }
    if (last >= 0) this.stepAt(last).majorGcs += sums.gc.major.count;
  }

  /** The last steps wait for the slowest worker's windows. */
  read(profile: Timed): Series {
    const complete = Math.ceil((this.lastComplete(profile) - this.startMicros) / this.stepMicros);
    const length = Math.max(0, Math.min(this.mostSteps, complete));
    const { stepMs, steps, changedFrom } = this;
    // Most steps are as they were.
    const column = <T>(
      before: readonly T[] = [],
      of: (step: Step | undefined, at: number) => T,
    ): readonly T[] => {
      const values = before.slice(0, Math.min(changedFrom, length));
      for (let at = values.length; at < length; at++) values.push(of(steps[at], at));
      return values;
    };
    const impact = (category: Category) => {
      const measured = category === "switches" || isMeasured(profile.operations, category);
      return column(this.last?.impact[category], (step) =>
        step === undefined || !measured ? null : impactOf(step, category),
      );
    };
    const series = {
      stepMs,
      atMs: column(this.last?.atMs, (_, at) => at * stepMs),
      requestsPerSecond: column(this.last?.requestsPerSecond, (step) =>
        step === undefined ? null : rateOf(step),
      ),
      impact: {
        copies: impact("copies"),
        switches: impact("switches"),
        allocations: impact("allocations"),
        locks: impact("locks"),
      },
      marks: marksOf(
        profile,
        steps.slice(0, length).map(({ majorGcs }) => majorGcs),
        stepMs,
      ),
    };
    this.last = series;
    this.changedFrom = length;
    return series;
  }

  private get stepMicros(): number {
    return this.stepMs * 1_000;
  }

  private stepAt(index: number): Step {
    while (this.steps.length <= index) this.steps.push(emptyStep());
    return this.steps[index] as Step;
  }

  private double(): void {
    this.stepMs *= 2;
    this.changedFrom = 0;
    const joined: Step[] = [];
    for (let at = 0; at < this.steps.length; at += 2) {
      const step = this.steps[at] as Step;
      const next = this.steps[at + 1];
      if (next !== undefined) join(step, next);
      joined.push(step);
    }
    this.steps = joined;
  }

  private lastComplete({ workers }: Timed): number {
    const latest = Math.max(this.startMicros, ...this.ends.values());
    const live = [...this.ends].filter(([worker]) => workers[worker]?.endedMicros === null);
    // A worker that hangs must not hold the time line: three seconds, then the others go on alone.
    return live.length === 0 ? latest : Math.max(Math.min(...live.map(([, end]) => end)), latest - 3_000_000);
  }
}

function emptyStep(): Step {
  return {
    micros: { copies: null, switches: null, allocations: null, locks: null },
    covered: new Map(),
    requests: 0,
    majorGcs: 0,
  };
}

function join(to: Step, step: Step): void {
  for (const name of CATEGORIES) {
    const micros = step.micros[name];
    if (micros !== null) to.micros[name] = (to.micros[name] ?? 0) + micros;
  }
  for (const [worker, { micros, requests }] of step.covered) cover(to, worker, micros, requests);
  to.requests += step.requests;
  to.majorGcs += step.majorGcs;
}

function cover({ covered }: Step, worker: number, micros: number, requests: number): void {
  const known = covered.get(worker);
  if (known === undefined) covered.set(worker, { micros, requests });
  else {
    known.micros += micros;
    known.requests += requests;
  }
}

/** Microseconds a request. */
function impactOf({ micros, requests }: Step, category: Category): number | null {
  const sum = micros[category];
  return sum === null || requests <= 0 ? null : sum / requests;
}

/** Each worker's rate over the part of the step that it reported. */
function rateOf({ covered }: Step): number | null {
  if (covered.size === 0) return null;
  let rate = 0;
  for (const { micros, requests } of covered.values()) rate += micros > 0 ? (requests * 1e6) / micros : 0;
  return rate;
}
