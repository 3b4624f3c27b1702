// Model: the windows of a growing session, those of closed spans of time joined once, so that exact figures of a scope cost the
// newest windows, not all of them. Only what exact figures are summed from: no samples.

import { mergeWindows } from "./coalesce.ts";
import type { Profile, ProfileWindow } from "./profile.ts";

const LEAST_SPAN_MICROS = 5e6;
const SPAN_FACTOR = 4;
/** Of a worker in a scope. */
const MOST_SPANS = 24;

/** Windows of a worker that end in one span, each begins where the one before ends, and all know the same. */
interface Run {
  readonly span: number;
  readonly unknown: string;
  readonly windows: ProfileWindow[];
}

type Joined = Map<ProfileWindow, { readonly last: ProfileWindow; readonly joined: ProfileWindow }>;

export class RecentWindows {
  #spanMicros = LEAST_SPAN_MICROS;
  /** By the first window of a run. */
  #joined: Joined = new Map();

  /** Windows that end after `fromMicros` and not after `toMicros`, a worker's in order. */
  within({ windows }: Pick<Profile, "windows">, fromMicros: number, toMicros: number): ProfileWindow[] {
    this.#fit(toMicros - fromMicros);
    const runs: Run[] = [];
    const newest = new Map<number, Run>();
    for (const window of windows) {
      const { worker, endMicros } = window;
      if (endMicros <= fromMicros || endMicros > toMicros) continue;
      const before = newest.get(worker);
      const run = {
        span: Math.floor(endMicros / this.#spanMicros),
        unknown: unknownIn(window),
        windows: [window],
      };
      if (before !== undefined && continues(before, run, window)) before.windows.push(window);
      else {
        newest.set(worker, run);
        runs.push(run);
      }
    }
    // The newest run of a worker grows, and the oldest one in a scope that moves on shrinks.
    const kept: Joined = new Map();
    for (const { windows: run } of runs) {
      const [first, last] = [run[0] as ProfileWindow, run.at(-1) as ProfileWindow];
      const known = this.#joined.get(first);
      kept.set(first, known?.last === last ? known : { last, joined: run.map(light).reduce(mergeWindows) });
    }
    this.#joined = kept;
    return [...kept.values()].map(({ joined }) => joined);
  }

  #fit(scopeMicros: number): void {
    this.#spanMicros = LEAST_SPAN_MICROS;
    while (scopeMicros / this.#spanMicros > MOST_SPANS) this.#spanMicros *= SPAN_FACTOR;
  }
}

function continues({ span, unknown, windows }: Run, next: Run, { startMicros }: ProfileWindow): boolean {
  return span === next.span && unknown === next.unknown && windows.at(-1)?.endMicros === startMicros;
}

/** What one does not know is left out of a scope's sums, but what is joined with it would not be known either. */
function unknownIn({ thread, process }: ProfileWindow): string {
  const { voluntary, involuntary, runQueueMicros, cpuMicros, loopIterations, loopEvents } = thread;
  const figures = [voluntary, involuntary, runQueueMicros, cpuMicros, loopIterations, loopEvents];
  return [...figures, thread.allocatedBytes, process].map((figure) => (figure === null ? 1 : 0)).join("");
}

function light({
  samples: _samples,
  waits: _waits,
  heapSizes: _sizes,
  heapKept: _kept,
  routeSamples: _routeSamples,
  routeFacts: _routeFacts,
  chains: _chains,
  ...exact
}: ProfileWindow): ProfileWindow {
  return { ...exact, samples: [] };
}
