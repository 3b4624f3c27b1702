// Model: what is known of a site's waits beside their length and holder: the locks' keys, who let the waiters in, and how
// long the queue was. Shares and means of the sampled waits, weighted as the samples are.

import type { Hotspot } from "../protocol/report.ts";
import { Amounts } from "./amounts.ts";
import { placeWithMost } from "./estimate.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import type { Sites } from "./sites.ts";
import { basisOf, bump, siteKey } from "./strata.ts";

const KEYS_SHOWN = 5;

export type WaitFacts = Pick<Hotspot, "key" | "keys" | "queue" | "hold" | "releaser">;
export const NO_WAIT_FACTS: WaitFacts = { key: null, keys: [], queue: null, hold: null, releaser: null };

interface Sum {
  amount: number;
  queued: number;
  length: number;
  longest: number;
  held: number;
  longestHeld: number;
  readonly keys: Map<number, number>;
  readonly releasers: Amounts<number>;
}

/** By `siteKey`. */
export function waitFacts(
  profile: Pick<Profile, "operations" | "lockKeys">,
  windows: readonly ProfileWindow[],
  sites: Sites,
): Map<string, WaitFacts> {
  const sums = new Map<string, Sum>();
  for (const { waits } of windows) {
    for (const [id, stack, key, releaser, amount, queued, length, longest, held = 0, most = 0] of waits ??
      []) {
      const operation = profile.operations[id];
      if (operation === undefined) continue;
      const site = sites.of(stack);
      const name = siteKey(operation.kind, site, site.callee ?? operation.callee, basisOf(operation));
      const sum = sums.get(name) ?? emptySum();
      sums.set(name, sum);
      sum.amount += amount;
      sum.queued += queued;
      sum.length += length;
      sum.longest = Math.max(sum.longest, longest);
      sum.held += held;
      sum.longestHeld = Math.max(sum.longestHeld, most);
      bump(sum.keys, key, amount);
      sum.releasers.add(releaser, amount);
    }
  }
  return new Map([...sums].map(([name, sum]) => [name, factsOf(sum, profile.lockKeys ?? [], sites)]));
}

function emptySum(): Sum {
  return {
    amount: 0,
    queued: 0,
    length: 0,
    longest: 0,
    held: 0,
    longestHeld: 0,
    keys: new Map(),
    releasers: new Amounts(),
  };
}

function factsOf(sum: Sum, texts: readonly string[], sites: Sites): WaitFacts {
  const keys = [...sum.keys]
    .filter(([key]) => key !== 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, KEYS_SHOWN)
    .map(([key, amount]) => ({ key: texts[key] ?? "", share: sum.amount > 0 ? amount / sum.amount : 0 }));
  return {
    key: keys[0]?.key ?? null,
    keys,
    queue: sum.queued > 0 ? { mean: sum.length / sum.queued, max: sum.longest } : null,
    hold: sum.held > 0 ? { meanMicros: sum.held / sum.queued, maxMicros: sum.longestHeld } : null,
    releaser: placeWithMost(sum.releasers, sites),
  };
}
