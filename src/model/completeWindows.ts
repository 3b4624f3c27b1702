// Model: windows in which every event of an operation and size class was sampled are a stratum of their own. What lies in
// them is a count, however few samples were taken at other times; a line that was there alone is exact.

import type { Kind } from "../protocol/categories.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import type { Stratum } from "./strata.ts";
import { addCell, addToCell, type Cell, cellKey, clearCell, emptyCell } from "./sums.ts";
import { Tally } from "./tally.ts";
import { isComplete, isEstimated } from "./variance.ts";

/** The other windows' samples have to tell of these by themselves: fewer can't. */
const LEAST_SAMPLES = 5;

/** Where the windows of a stratum stand that were sampled completely. */
export function completeKey(key: number): number {
  return -2 - key;
}

/** @returns the strata that were split, by `cellKey`, and their complete windows */
export function splitComplete(
  profile: Profile,
  windows: readonly ProfileWindow[],
  strata: Map<number, Stratum>,
): Map<ProfileWindow, ReadonlySet<number>> {
  const complete = new Map<ProfileWindow, Set<number>>();
  for (const [key, part] of partsOf(profile, windows, strata)) {
    const whole = strata.get(key);
    if (whole === undefined || part.windows.length === 0 || part.rest < LEAST_SAMPLES) continue;
    addCell(whole.exact, part.complete, -1);
    strata.set(completeKey(key), { ...whole, exact: part.complete, all: new Tally(), sites: new Map() });
    for (const window of part.windows) {
      const keys = complete.get(window) ?? new Set();
      complete.set(window, keys.add(key));
    }
  }
  return complete;
}

/** A stratum's windows told apart; one at a time is summed up, each in the place of the one before. */
interface Part {
  readonly kind: Kind;
  /** Of the window that is summed up. */
  readonly exact: Cell;
  readonly all: Tally;
  window: ProfileWindow | null;
  /** Of its complete windows. */
  readonly complete: Cell;
  readonly windows: ProfileWindow[];
  /** Samples of its others. */
  rest: number;
}

/** By `cellKey`. */
function partsOf(
  profile: Profile,
  windows: readonly ProfileWindow[],
  strata: ReadonlyMap<number, Stratum>,
): Map<number, Part> {
  const parts = new Map<number, Part>();
  for (const window of windows) {
    const role = profile.workers[window.worker]?.role ?? "peer";
    const within: Part[] = [];
    for (const row of window.cells) {
      const key = cellKey(row[0], row[1], role);
      const part = parts.get(key) ?? newPart(strata.get(key));
      if (part === null) continue;
      parts.set(key, part);
      if (part.window !== window) {
        begin(part, window);
        within.push(part);
      }
      addToCell(part.exact, row);
    }
    for (const row of window.samples) {
      const part = parts.get(cellKey(row[0], row[1], role));
      if (part?.window === window) part.all.add(row);
    }
    for (const part of within) {
      if (isComplete(part)) {
        addCell(part.complete, part.exact);
        part.windows.push(window);
      } else part.rest += part.all.samples;
    }
  }
  return parts;
}

/** Null: it is not told apart. */
function newPart(stratum: Stratum | undefined): Part | null {
  if (stratum === undefined || isEstimated(stratum.kind)) return null;
  const { kind, exact } = stratum;
  return {
    kind,
    exact: emptyCell(exact),
    all: new Tally(),
    window: null,
    complete: emptyCell(exact),
    windows: [],
    rest: 0,
  };
}

function begin(part: Part, window: ProfileWindow): void {
  part.window = window;
  clearCell(part.exact);
  part.all.clear();
}
