// Model, comparison: how much exact figures vary within a run: they have no sampling error, but a second's requests are
// not the next one's. The measured time in equal blocks, and the ratio estimator's error over these.

import { CATEGORIES, type Category, isContention, KINDS } from "../../protocol/categories.ts";
import { MeasuredClock } from "../measuredTime.ts";
import type { Profile, ProfileWindow } from "../profile.ts";
import { scopeOf } from "../scope.ts";
import { kernelSwitches, type Sums, sumUp } from "../sums.ts";

const MOST_BLOCKS = 10;
const LEAST_BLOCKS = 3;
const LEAST_BLOCK_MICROS = 500_000;
/** Student's t, 95 % two-sided, by degrees of freedom from 2. */
const T = [4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Half the 95 % interval over the value; null: too short to tell, or not measured. */
export interface Spread {
  readonly amount: Readonly<Record<Category, number | null>>;
  readonly events: Readonly<Record<Category, number | null>>;
  readonly processor: number | null;
  /** Of the mean latency. */
  readonly latency: number | null;
  /** Of the requests a second. */
  readonly rate: number | null;
}

export function spreadOf(profile: Profile): Spread {
  const blocks = blocksOf(profile);
  const over = (amount: (block: Block) => number | null) => relativeSpread(blocks, amount);
  const by = (amount: (block: Block, category: Category) => number | null) =>
    Object.fromEntries(
      CATEGORIES.map((category) => [category, over((block) => amount(block, category))]),
    ) as Record<Category, number | null>;
  return {
    amount: by(({ sums }, category) =>
      category === "switches" ? kernelSwitches(sums) : cellsOf(profile, sums, category, "amount"),
    ),
    events: by(({ sums }, category) =>
      cellsOf(profile, sums, category, category === "switches" ? "amount" : "count"),
    ),
    processor: over(({ sums }) => (sums.cpuMicros === null ? null : sums.cpuMicros - sums.own.micros)),
    latency: over(({ latencyMicros }) => latencyMicros),
    rate: rateSpread(blocks),
  };
}

interface Block {
  readonly sums: Sums;
  readonly latencyMicros: number;
}

function blocksOf(profile: Profile): Block[] {
  const { windows, durationMicros } = scopeOf(profile);
  const count = Math.min(MOST_BLOCKS, Math.floor(durationMicros / LEAST_BLOCK_MICROS));
  if (count < LEAST_BLOCKS) return [];
  const clock = new MeasuredClock(windows, profile.rests);
  const groups = Array.from({ length: count }, (): ProfileWindow[] => []);
  for (const window of windows) {
    const at = Math.ceil((clock.measuredTo(window.endMicros) / durationMicros) * count) - 1;
    groups[Math.max(0, Math.min(count - 1, at))]?.push(window);
  }
  // Windows may be longer than a block.
  const filled = groups.filter((group) => group.length > 0);
  return filled.map((group) => ({
    sums: sumUp(profile, group),
    latencyMicros: group.reduce(
      (sum, { requests }) => sum + requests.reduce((total, [, , micros]) => total + micros, 0),
      0,
    ),
  }));
}

function cellsOf({ operations }: Profile, sums: Sums, category: Category, what: "amount" | "count"): number {
  let total = 0;
  for (const cell of sums.cells.values()) {
    const operation = operations[cell.operation];
    if (operation === undefined || operation.kind === "hop" || KINDS[operation.kind] !== category) continue;
    if (isContention(operation.basis)) total += cell[what];
  }
  return total;
}

function relativeSpread(blocks: readonly Block[], amount: (block: Block) => number | null): number | null {
  const pairs: [number, number][] = [];
  for (const block of blocks) {
    const value = amount(block);
    if (value === null) return null;
    pairs.push([value, block.sums.requests]);
  }
  const n = pairs.length;
  const t = T[n - 1 - 2];
  if (n < LEAST_BLOCKS || t === undefined) return null;
  const total = pairs.reduce((sum, [value]) => sum + value, 0);
  const requests = pairs.reduce((sum, [, count]) => sum + count, 0);
  if (requests <= 0) return null;
  if (total <= 0) return 0;
  const ratio = total / requests;
  const squares = pairs.reduce((sum, [value, count]) => sum + (value - ratio * count) ** 2, 0);
  return (t * Math.sqrt((n * squares) / (n - 1))) / total;
}

function rateSpread(blocks: readonly Block[]): number | null {
  const n = blocks.length;
  const t = T[n - 1 - 2];
  if (n < LEAST_BLOCKS || t === undefined) return null;
  const counts = blocks.map(({ sums }) => sums.requests);
  const mean = counts.reduce((sum, count) => sum + count, 0) / n;
  if (mean <= 0) return null;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return (t * Math.sqrt(squares / (n - 1) / n)) / mean;
}
