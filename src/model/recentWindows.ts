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
  readonly unknown: number;
  readonly windows: ProfileWindow[];
}

type Joined = Map<ProfileWindow, { readonly last: ProfileWindow; readonly joined: ProfileWindow }>;

export class RecentWindows {
  #spanMicros = LEAST_SPAN_MICROS;
  /** By the first window of a run; what is left of a run that loses windows, by the first that is left. */
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
      const span = Math.floor(endMicros / this.#spanMicros);
      const unknown = unknownIn(window);
      if (before !== undefined && continues(before, span, unknown, window)) before.windows.push(window);
      else {
        const run = { span, unknown, windows: [window] };
        newest.set(worker, run);
        runs.push(run);
      }
    }
    const kept: Joined = new Map();
    const oldest = new Set<number>();
    const joined = runs.map(({ windows: run }) => {
      const { worker } = run[0] as ProfileWindow;
      const isOldest = !oldest.has(worker);
      oldest.add(worker);
      return this.#join(run, isOldest, kept);
    });
    this.#joined = kept;
    return joined;
  }

  /** A worker's newest run grows, and its oldest one in a scope that moves on shrinks: neither is joined anew. */
  #join(run: readonly ProfileWindow[], isOldest: boolean, kept: Joined): ProfileWindow {
    const [first, last] = [run[0] as ProfileWindow, run.at(-1) as ProfileWindow];
    const known = this.#joined.get(first);
    const upTo = known === undefined ? -1 : run.lastIndexOf(known.last);
    if (known !== undefined && upTo >= 0) {
      const added = run.slice(upTo + 1);
      const joined = added.reduce((sum, window) => mergeWindows(sum, light(window)), known.joined);
      kept.set(first, { last, joined });
      if (isOldest && added.length === 0) this.#keepRests(run, last, kept);
      return joined;
    }
    return run.reduceRight<ProfileWindow | null>((later, window) => {
      const joined = later === null ? light(window) : mergeWindows(light(window), later);
      if (isOldest || window === first) kept.set(window, { last, joined });
      return joined;
    }, null) as ProfileWindow;
  }

  #keepRests(run: readonly ProfileWindow[], last: ProfileWindow, kept: Joined): void {
    for (const window of run.slice(1)) {
      const rest = this.#joined.get(window);
      if (rest?.last === last) kept.set(window, rest);
    }
  }

  #fit(scopeMicros: number): void {
    this.#spanMicros = LEAST_SPAN_MICROS;
    while (scopeMicros / this.#spanMicros > MOST_SPANS) this.#spanMicros *= SPAN_FACTOR;
  }
}

function continues(run: Run, span: number, unknown: number, { startMicros }: ProfileWindow): boolean {
  return run.span === span && run.unknown === unknown && run.windows.at(-1)?.endMicros === startMicros;
}

/**
 * A bit for each figure that is not known: left out of a scope's sums, it would be missing from what it is joined with, too.
 * Asked of every window each time.
 */
function unknownIn({ thread, process }: ProfileWindow): number {
  return (
    (thread.voluntary === null ? 1 : 0) |
    (thread.involuntary === null ? 2 : 0) |
    (thread.runQueueMicros === null ? 4 : 0) |
    (thread.cpuMicros === null ? 8 : 0) |
    (thread.loopIterations === null ? 16 : 0) |
    (thread.loopEvents === null ? 32 : 0) |
    (thread.allocatedBytes === null ? 64 : 0) |
    (process === null ? 128 : 0)
  );
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
