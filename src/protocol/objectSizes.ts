// Leaf: how large the sampled objects were. The inspector tells a sample's `size` as the object's size n
// times round(1 / (1 - exp(-n / interval))), so few n are possible, and profiles of different intervals tell
// those apart. Pure.

/** A map and one field. */
const SMALLEST = 16;
/** V8 aligns objects to it. */
const WORD = 8;
const SMALL = 4_096;
/** Intervals whose sizes are remembered; few are in use (see heapInterval.ts). */
const MAX_TABLES = 32;
const ROUNDS = 12;

/** Samples of one place: interval, told size, how many. */
export type ToldSamples = readonly (readonly [intervalBytes: number, told: number, samples: number])[];

export interface SizedObjects {
  readonly bytes: number;
  readonly samples: number;
  /** Estimates: objects allocated, and their bytes. */
  readonly count: number;
  readonly amount: number;
}

/** V8's unbiased number of objects that one sampled object of this size stands for. */
function scale(bytes: number, intervalBytes: number): number {
  return 1 / (1 - Math.exp(-bytes / intervalBytes));
}

/** By interval: what V8 would tell for each size up to `SMALL`. Made once: right after code was deoptimised all is slow. */
const tables = new Map<number, ReadonlyMap<number, readonly number[]>>();

function smallSizes(intervalBytes: number): ReadonlyMap<number, readonly number[]> {
  const known = tables.get(intervalBytes);
  if (known !== undefined) return known;
  const table = new Map<number, number[]>();
  for (let bytes = SMALLEST; bytes <= SMALL; bytes += WORD) {
    const told = bytes * Math.floor(scale(bytes, intervalBytes) + 0.5);
    const sizes = table.get(told);
    if (sizes === undefined) table.set(told, [bytes]);
    else sizes.push(bytes);
  }
  if (tables.size >= MAX_TABLES) tables.clear();
  tables.set(intervalBytes, table);
  return table;
}

/** The object sizes that V8 would have told so, smallest first. */
export function possibleSizes(told: number, intervalBytes: number): readonly number[] {
  const sizes = [...(smallSizes(intervalBytes).get(told) ?? [])];
  for (let copies = Math.ceil((1.1 * intervalBytes) / SMALL); copies >= 1; copies--) {
    const bytes = told / copies;
    if (bytes <= SMALL || bytes % WORD !== 0) continue;
    if (Math.floor(scale(bytes, intervalBytes) + 0.5) === copies) sizes.push(bytes);
  }
  return sizes.length > 0 ? sizes : [told];
}

/**
 * The most likely sizes behind one place's samples (expectation maximisation): a place allocates few sizes, so
 * one that also explains `before`, its samples of another interval, wins; and smaller ones are more usual.
 * @param likely how much more likely sizes are than others, where the place's text tells
 */
export function sizesOf(
  told: ToldSamples,
  before: ToldSamples = [],
  likely: (bytes: number) => number = () => 1,
): SizedObjects[] {
  const possible = ([interval, size, samples]: ToldSamples[number]) => ({
    interval,
    samples,
    sizes: possibleSizes(size, interval),
  });
  const groups = told.map(possible);
  const evidence = [...groups, ...before.map(possible)];
  const share = new Map<number, number>();
  for (const { sizes } of evidence) for (const bytes of sizes) share.set(bytes, likely(bytes) / bytes);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Map<number, number>();
    for (const { sizes, samples } of evidence) {
      let sum = 0;
      for (const bytes of sizes) sum += share.get(bytes) ?? 0;
      for (const bytes of sizes) {
        next.set(bytes, (next.get(bytes) ?? 0) + (samples * (share.get(bytes) ?? 0)) / (sum || 1));
      }
    }
    for (const [bytes, value] of next) share.set(bytes, value);
  }
  const rows = new Map<number, { bytes: number; samples: number; count: number; amount: number }>();
  for (const { interval, samples, sizes } of groups) {
    let bytes = 0;
    let best = -1;
    for (const candidate of sizes) {
      const value = share.get(candidate) ?? 0;
      if (value <= best) continue;
      best = value;
      bytes = candidate;
    }
    const row = rows.get(bytes) ?? { bytes, samples: 0, count: 0, amount: 0 };
    const count = samples * scale(bytes, interval);
    row.samples += samples;
    row.count += count;
    row.amount += count * bytes;
    rows.set(bytes, row);
  }
  return [...rows.values()].sort((a, b) => b.amount - a.amount);
}
