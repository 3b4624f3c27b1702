// Model: windows in which every event of an operation and size class was sampled are a stratum of their own. What lies in
// them is a count, however few samples were taken at other times; a line that was there alone is exact.

import type { Profile, ProfileWindow } from "./profile.ts";
import type { Stratum } from "./strata.ts";
import { addCell, addRow, type Cell, cellKey, emptyCell } from "./sums.ts";
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
  const parts = new Map<number, { readonly exact: Cell; readonly windows: ProfileWindow[]; rest: number }>();
  for (const window of windows) {
    const { cells, tallies } = cellsOf(profile, window);
    for (const [key, exact] of cells) {
      const all = tallies.get(key) ?? NONE;
      const stratum = strata.get(key);
      if (stratum === undefined || isEstimated(stratum.kind)) continue;
      const part = parts.get(key) ?? { exact: emptyCell(exact), windows: [], rest: 0 };
      parts.set(key, part);
      if (isComplete({ kind: stratum.kind, exact, all })) {
        addCell(part.exact, exact);
        part.windows.push(window);
      } else part.rest += all.samples;
    }
  }
  for (const [key, part] of parts) {
    const whole = strata.get(key);
    if (whole === undefined || part.windows.length === 0 || part.rest < LEAST_SAMPLES) continue;
    addCell(whole.exact, part.exact, -1);
    strata.set(completeKey(key), { ...whole, exact: part.exact, all: new Tally(), sites: new Map() });
    for (const window of part.windows) {
      const keys = complete.get(window) ?? new Set();
      complete.set(window, keys.add(key));
    }
  }
  return complete;
}

const NONE: Readonly<Tally> = new Tally();

/** Of one window, by `cellKey`; no tally: no sample. */
function cellsOf(
  profile: Profile,
  window: ProfileWindow,
): { readonly cells: ReadonlyMap<number, Cell>; readonly tallies: ReadonlyMap<number, Tally> } {
  const role = profile.workers[window.worker]?.role ?? "peer";
  const cells = new Map<number, Cell>();
  for (const row of window.cells) addRow(cells, row, role);
  const tallies = new Map<number, Tally>();
  for (const row of window.samples) {
    const key = cellKey(row[0], row[1], role);
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = new Tally();
      tallies.set(key, tally);
    }
    tally.add(row);
  }
  return { cells, tallies };
}
