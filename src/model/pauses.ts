// Model: collections' pauses, charged to the sites that make what is collected. Scavenges come as often as the young
// generation fills: they are shared by bytes. Collections of the whole heap mark and move what stays in use: by the bytes
// that were kept. Buffers' memory is off the heap and costs neither: where no object was seen, no site is charged.

import type { SiteEstimate } from "./estimate.ts";
import type { Sums } from "./sums.ts";

/** Fewer kept samples of all sites together share out nothing. */
const LEAST_SAMPLES = 30;

/** Microseconds of a scope. */
export interface SitePauses {
  readonly young: number;
  readonly full: number;
  /** Whether `full` is by what was kept, or by all bytes. */
  readonly byKept: boolean;
}

/** Of each allocating site; all together are all pauses. */
export function pausesOf(
  estimates: readonly SiteEstimate[],
  { gc, gcMicros }: Pick<Sums, "gc" | "gcMicros">,
): ReadonlyMap<SiteEstimate, SitePauses> {
  const sharing = estimates.filter(({ kind }) => kind === "objects");
  const bytes = sum(sharing, ({ amount }) => amount);
  const kept = sum(sharing, (estimate) => keptBytes(estimate));
  const byKept = kept > 0 && sum(sharing, (estimate) => estimate.kept?.samples ?? 0) >= LEAST_SAMPLES;
  const young = gc.minor.micros;
  const full = gcMicros - young;
  return new Map(
    sharing.map((estimate) => {
      const share = bytes > 0 ? estimate.amount / bytes : 0;
      return [
        estimate,
        { young: share * young, full: (byKept ? keptBytes(estimate) / kept : share) * full, byKept },
      ];
    }),
  );
}

/** A site's calibrated cost and the pauses charged to it, microseconds of the scope; null without a price. */
export function microsWithPauses(
  estimate: SiteEstimate,
  pauses: ReadonlyMap<SiteEstimate, SitePauses>,
): number | null {
  const pause = pauses.get(estimate);
  return estimate.micros === null ? null : estimate.micros + (pause ? pause.young + pause.full : 0);
}

/** Two samples of one site differ by chance: no more is kept of it than there was. */
export function keptBytes({ kept, amount }: Pick<SiteEstimate, "kept" | "amount">): number {
  return Math.min(kept?.amount ?? 0, amount);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
