// Runtime: how large the sampled objects were. The inspector tells a sample's `size` as the object's size n
// times round(1 / (1 - exp(-n / interval))), so few n are possible, and profiles of different intervals tell
// those apart. Pure.

/** V8 aligns objects to it. */
const WORD = 8;
/** Distinct (interval, told size) pairs that are remembered. */
const MAX_KNOWN = 8_192;
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

const known = new Map<string, readonly number[]>();

/** The object sizes that V8 would have told so, smallest first. */
export function possibleSizes(told: number, intervalBytes: number): readonly number[] {
  const key = `${told}/${intervalBytes}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const sizes: number[] = [];
  for (let copies = Math.ceil((2 * intervalBytes) / WORD); copies >= 1; copies--) {
    const bytes = told / copies;
    if (bytes % WORD === 0 && Math.floor(scale(bytes, intervalBytes) + 0.5) === copies) sizes.push(bytes);
  }
  if (sizes.length === 0) sizes.push(told);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, sizes);
  return sizes;
}

/**
 * The most likely sizes behind one place's samples: a site allocates few sizes, so a size that explains
 * samples of several intervals wins over one that explains a single told size (expectation maximisation).
 */
export function sizesOf(told: ToldSamples): SizedObjects[] {
  const share = new Map<number, number>();
  for (const [interval, size] of told) for (const bytes of possibleSizes(size, interval)) share.set(bytes, 1);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Map<number, number>();
    for (const [interval, size, samples] of told) {
      const sizes = possibleSizes(size, interval);
      let sum = 0;
      for (const bytes of sizes) sum += share.get(bytes) ?? 0;
      for (const bytes of sizes) {
        next.set(bytes, (next.get(bytes) ?? 0) + (samples * (share.get(bytes) ?? 0)) / (sum || 1));
      }
    }
    for (const bytes of share.keys()) share.set(bytes, next.get(bytes) ?? 0);
  }
  const rows = new Map<number, { bytes: number; samples: number; count: number; amount: number }>();
  for (const [interval, size, samples] of told) {
    let bytes = size;
    let best = -1;
    for (const candidate of possibleSizes(size, interval)) {
      const likely = share.get(candidate) ?? 0;
      if (likely <= best) continue;
      best = likely;
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
