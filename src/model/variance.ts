// Model: how far a site's amount may be off, by the samples of its stratum. docs/figures.md has the statistics, and
// test/unit/meter-coverage.test.ts holds them to their 95 %.

import type { Kind } from "../protocol/categories.ts";
import type { Stratum } from "./strata.ts";
import type { Tally } from "./tally.ts";

/** What the statistics of a stratum need. */
export type Sampled = Pick<Stratum, "kind" | "exact" | "all" | "sized">;

/** An operation whose events are sized only where they are sampled: how much they were is an estimate, too. */
export interface SizedTotal {
  /** Of all its size classes. */
  amount: number;
  readonly all: Tally;
}

/** Every event was sampled: its share is a count, not an estimate. */
export function isComplete({ kind, exact, all }: Pick<Sampled, "kind" | "exact" | "all">): boolean {
  const everyOne = Math.abs(exact.count - all.samples) < 0.5;
  return (
    kind !== "objects" &&
    !isEstimated(kind) &&
    everyOne &&
    Math.abs(all.count - all.samples) < 1e-6 * all.samples
  );
}

/** What is counted of it is not all that there was. */
export function isEstimated(kind: Kind): boolean {
  return kind === "promise wait" || kind === "loop wait";
}

/** Of the amount of a site. */
export function varianceOf(stratum: Sampled, site: Tally): number {
  const { exact, all, kind } = stratum;
  const scale = exact.amount / all.amount;
  // The total is an estimate itself, from the same samples: how many they were is as uncertain as whose.
  if (kind === "promise wait") return site.squares * scale * scale;
  const ofShare = varianceOfShare(stratum, site);
  // What one waited for the loop is known as half of a block, evenly spread.
  if (kind === "loop wait") return ofShare + (site.squares * scale * scale) / 3;
  return stratum.sized === null ? ofShare : Math.max(ofShare, varianceOfSized(stratum.sized, site));
}

/**
 * Of objects, a standard deviation over the amount: what samples do not tell. A server changes between heap windows and
 * allocates a little more without inlining. By the truth suite,
 * on four Nodes: 26 of 38 functions were within the intervals of samples alone, 60 of 64 within those with it.
 */
const HEAP_DEVIATION = 0.045;

/**
 * Of what a part of the samples has of the stratum's exact total, linearised: a sample of the part's own adds (1 - share)²
 * of its square, another one share². For equal samples that is the binomial's, share (1 - share) / n. Two more samples of
 * each, as Agresti and Coull add them, so that a part that has all samples still has an error; over n and not n + 4, for
 * the interval stands around the share as it is.
 */
export function varianceOfShare({ exact, all, kind }: Omit<Sampled, "sized">, part: Tally): number {
  const heap = kind === "objects";
  const n = all.effective;
  const share = Math.min(1, part.amount / all.amount);
  const p = (n * share + 2) / (n + 4);
  const chance = heap ? all.squares : all.chance;
  const ofPart = heap ? part.squares : part.chance;
  const two = (2 * chance) / n;
  const own = ofPart + two;
  const others = Math.max(0, chance - ofPart) + two;
  const ofSamples = (((1 - p) ** 2 * own + p ** 2 * others) / (all.amount * all.amount)) * (n / (n + 4));
  const beside = heap ? (HEAP_DEVIATION * share) ** 2 : 0;
  return exact.amount * exact.amount * (ofSamples + beside);
}

/** Only the number of events is known: how their sizes differ adds to whose they are. Two more samples of each, as above. */
function varianceOfSized({ amount, all }: SizedTotal, site: Tally): number {
  const more = (1 + 2 / site.effective) / (1 + 4 / all.effective);
  const share = (site.amount / all.amount) * more;
  const events = (all.count * all.count) / all.countSquares;
  const squares = (site.squares * more) / (all.amount * all.amount);
  const unsampled = all.squares > 0 ? all.chance / all.squares : 0;
  return amount * amount * Math.max(0, squares - share ** 2 / events) * unsampled;
}

/** Of a 95 % interval, of the normal distribution. */
export const Z = 1.96;
/** What Student's quantile is above it, times the degrees of freedom: within 5 % from three of them on. */
const STUDENT = 2.4;

/** Of what has a part in several strata. */
export class Variance {
  #sum = 0;
  #samples = 0;

  /** @param samples that it was estimated from */
  add(variance: number, samples: number): void {
    this.#sum += variance;
    this.#samples += samples;
  }

  /** Of the 95 % interval: what few samples tell of their own error is uncertain, too. */
  get halfWidth(): number {
    return (Z + STUDENT / Math.max(1, this.#samples - 1)) * Math.sqrt(this.#sum);
  }
}
