// Model, comparison: whether a figure changed, or may have come out so by chance. docs/compare.md has the rule.

import { type Category, KINDS, type Kind } from "../../protocol/categories.ts";
import type { Change, Verdict } from "../../protocol/comparison.ts";
import type { Hotspot } from "../../protocol/report.ts";

/**
 * Two runs of the same server differ by so much without any reason in its code, beside what varies within a run: by which
 * requests it was, by how exact the heap's totals are, by what else the machine does.
 */
const LEAST_TOTAL: Readonly<Record<Category, number>> = {
  copies: 0.03,
  switches: 0.1,
  allocations: 0.1,
  locks: 0.1,
};
export const LEAST_OF_TIMES = 0.1;
/** The heap is looked at in short windows only; one lock's waits vary more than all waits do. */
const LEAST_OF_SITE: Readonly<Partial<Record<Kind, number>>> = { objects: 0.25 };
const LEAST_OF_WAITS = 0.25;

export function leastOfTotal(category: Category): number {
  return LEAST_TOTAL[category];
}
export function leastOfSite(kind: Kind): number {
  const category = KINDS[kind];
  return LEAST_OF_SITE[kind] ?? (category === "locks" ? LEAST_OF_WAITS : LEAST_TOTAL[category]);
}

/** A figure and half its 95 % interval, in its own unit; null: not known. */
export interface Figure {
  readonly value: number | null;
  readonly error: number | null;
}

/** @param least the share that a change has at least, beside being beyond both errors */
export function changeOf(before: Figure, after: Figure, least: number): Change {
  if (before.value === null || after.value === null) {
    return {
      before: before.value,
      after: after.value,
      difference: null,
      ratio: null,
      error: null,
      verdict: "unclear",
    };
  }
  const difference = after.value - before.value;
  const error = before.error === null || after.error === null ? null : Math.hypot(before.error, after.error);
  return {
    before: before.value,
    after: after.value,
    difference,
    ratio: before.value === 0 ? null : difference / before.value,
    error,
    verdict: verdictOf(difference, error, least * Math.max(before.value, after.value)),
  };
}

function verdictOf(difference: number, error: number | null, least: number): Verdict {
  if (error === null || Math.abs(difference) <= Math.max(error, least)) return "unclear";
  return difference > 0 ? "more" : "less";
}

/** Of k samples the 95 % score interval reaches so far up; it holds where k is small, too. */
function upperSamples(k: number): number {
  return k + 1.92 + 1.96 * Math.sqrt(k + 0.96);
}

/**
 * What a site has a request. One that was not seen has none, or as much as samples may miss: what one sample of the other
 * side stands for decides.
 * @param spread the category's own, as a share: what varies within a run beside sampling
 */
export function siteFigure(spot: Hotspot | null, other: Hotspot | null, spread: number | null): Figure {
  if (spot === null) return { value: 0, error: unseenError(other) };
  const { perRequest, relativeError, samples } = spot;
  if (perRequest === null) return { value: null, error: null };
  const sampled = relativeError ?? (samples > 0 ? (upperSamples(samples) - samples) / samples : null);
  return {
    value: perRequest,
    error: sampled === null ? null : perRequest * Math.hypot(sampled, spread ?? 0),
  };
}

function unseenError(other: Hotspot | null): number | null {
  if (other === null || other.perRequest === null) return null;
  if (other.confidence === "exact") return 0;
  return other.samples > 0 ? (other.perRequest / other.samples) * upperSamples(0) : null;
}

/** Switches a request fall where the load rises: no more than so many times as the load differs. */
const SWITCHES_BY_LOAD = 3;

/**
 * A change that the load alone may make is not clear: more load makes more waits and longer latencies, and fewer switches a
 * request.
 * @param load its change as a share; 0: it is the same
 */
export function besideLoad(change: Change, what: "waits" | "switches", load: number): Change {
  const { difference, ratio, verdict } = change;
  if (load === 0 || difference === null || verdict === "unclear") return change;
  const along = Math.sign(difference) === Math.sign(load);
  const explained =
    what === "waits"
      ? along
      : !along && ratio !== null && Math.abs(ratio) < SWITCHES_BY_LOAD * Math.abs(load);
  return explained ? { ...change, verdict: "unclear" } : change;
}
