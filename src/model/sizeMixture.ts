// Model: which of some sources made the sampled objects of one function, by expectation maximisation. Each source makes
// objects of its own sizes, a told size may stand for several true ones. What the samples can't decide depends on
// where the search begins: so it is run from both ends, and how far they come out apart is how little is known; but an end that
// explains the samples worse than the other is no answer.

/** Samples that are told alike: they may be of any of these sizes. */
export interface Group {
  readonly sizes: readonly number[];
  readonly amount: number;
  /** Sources that it may come from, by index; null: any. */
  readonly only: ReadonlySet<number> | null;
}

export interface Source {
  /** Null: of no line, whatever no place explains. */
  readonly line: number | null;
  /** Parts of its bytes by size; they add up to 1 (of no line: to less). */
  readonly parts: ReadonlyMap<number, number>;
  /** How likely it is beside others, before any sample. */
  readonly prior: number;
}

export interface Mixture {
  /** Bytes by group and source. */
  readonly amounts: readonly Float64Array[];
  readonly likelihood: number;
}

/** Until a round gains less than this part of the likelihood, or the work is as much as this. */
const LEAST_GAIN = 1e-8;
const MOST_WORK = 3e7;
const LEAST_ROUNDS = 100;
const MOST_ROUNDS = 5_000;
/** Of the first line over the last, or the other way round, where the search begins at one end. */
const FAVOUR = 1e6;

/** @param order -1: begins with the first lines favoured, 1: the last, 0: none */
export function solve(groups: readonly Group[], sources: readonly Source[], order: -1 | 0 | 1): Mixture {
  const fits = groups.map(({ sizes, only }) =>
    Float64Array.from(sources, ({ parts }, at) => {
      if (only !== null && !only.has(at)) return 0;
      let part = 0;
      for (const size of sizes) part += parts.get(size) ?? 0;
      return part;
    }),
  );
  let weights: Float64Array = Float64Array.from(beginning(sources, order));
  let amounts = groups.map(() => new Float64Array(sources.length));
  let likelihood = Number.NEGATIVE_INFINITY;
  const rounds = Math.min(MOST_ROUNDS, Math.max(LEAST_ROUNDS, MOST_WORK / (groups.length * sources.length)));
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(sources.length);
    const before = likelihood;
    likelihood = 0;
    amounts = groups.map(({ amount }, g) => {
      const row = new Float64Array(sources.length);
      const fit = fits[g] as Float64Array;
      let sum = 0;
      for (let s = 0; s < row.length; s++) sum += row[s] = (weights[s] as number) * (fit[s] as number);
      if (sum <= 0) return row;
      likelihood += amount * Math.log(sum);
      for (let s = 0; s < row.length; s++) {
        row[s] = (amount * (row[s] as number)) / sum;
        next[s] = (next[s] as number) + (row[s] as number);
      }
      return row;
    });
    weights = normalised(next);
    if (likelihood - before < LEAST_GAIN * Math.abs(likelihood)) break;
  }
  return { amounts, likelihood };
}

function beginning(sources: readonly Source[], order: -1 | 0 | 1): Float64Array {
  const lines = [...new Set(sources.flatMap(({ line }) => line ?? []))].sort((a, b) => a - b);
  return normalised(
    Float64Array.from(sources, ({ line, prior }) =>
      line === null
        ? prior
        : prior * FAVOUR ** ((order * lines.indexOf(line)) / Math.max(1, lines.length - 1)),
    ),
  );
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return sum > 0 ? weights.map((weight) => weight / sum) : weights;
}
