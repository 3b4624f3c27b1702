// Model: what every stack has of each category, for other tools' flame graphs. Sites' estimates shared out over the stacks
// that were sampled at them, so that they add up to the report's totals.

import { type Category, isContention, type Kind } from "../protocol/categories.ts";
import type { Location } from "../protocol/report.ts";
import { estimateSites } from "./estimate.ts";
import { categoryOf } from "./hotspots.ts";
import { pausesOf } from "./pauses.ts";
import type { Profile } from "./profile.ts";
import { scopeOf } from "./scope.ts";
import { Sites } from "./sites.ts";
import { sumUp } from "./sums.ts";

export interface WeightedStack {
  readonly category: Category;
  readonly kind: Kind;
  /** Innermost first; empty where no stack is known. */
  readonly frames: readonly Location[];
  /** What the innermost frame called: Node's function, or the operation; it is not among the frames. */
  readonly callee: string;
  /** In the category's unit, of the whole measured time; of switches hand-offs. */
  readonly amount: number;
  /** Processor time, for locks waiting time; null without a price. */
  readonly micros: number | null;
}

export interface WeightedStacks {
  readonly stacks: readonly WeightedStack[];
  readonly requests: number;
  readonly durationMicros: number;
}

export function weightedStacks(profile: Profile): WeightedStacks {
  const scope = scopeOf(profile);
  const sums = sumUp(profile, scope.windows);
  const sites = new Sites(profile);
  const before = profile.windows.filter(({ endMicros }) => endMicros <= profile.measureFromMicros);
  const estimates = estimateSites(profile, scope.windows, sums, sites, { before, others: profile.windows });
  const pauses = pausesOf(
    estimates.filter(({ kind }) => kind !== "hop"),
    sums,
  );
  const stacks = estimates
    .filter(({ kind, basis }) => kind !== "hop" && isContention(basis))
    .flatMap((estimate) => {
      const { kind, amount, stacks: shares, callee } = estimate;
      const pause = pauses.get(estimate);
      const micros =
        estimate.micros === null ? null : estimate.micros + (pause ? pause.young + pause.full : 0);
      const total = shares.sum();
      const parts =
        total > 0 ? [...shares].map(([id, share]) => [id, share / total] as const) : [[0, 1] as const];
      return parts.map(([id, part]) => {
        const frames = id === 0 ? [] : sites.locations(id);
        return {
          category: categoryOf(estimate),
          kind,
          frames,
          callee: operationOf(kind, callee, frames),
          amount: amount * part,
          micros: micros === null ? null : micros * part,
        };
      });
    });
  return { stacks, requests: sums.requests, durationMicros: scope.durationMicros };
}

/** Named once: where the innermost frame is the callee already, the kind says what it does. */
function operationOf(kind: Kind, callee: string, [innermost]: readonly Location[]): string {
  return callee === "" || innermost?.function === callee ? `(${kind})` : callee;
}
