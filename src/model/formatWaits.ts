// Model: what is known of a site's waits, in words, the same in the terminal, the panel and the editor.

import type { LockBasis } from "../protocol/categories.ts";
import type { Hotspot } from "../protocol/report.ts";
import { formatCount, formatNumber, formatShare, formatTime } from "./format.ts";

/** What the basis means. */
export const BASIS_MEANING: Readonly<Record<LockBasis, string>> = {
  exact: "measured at the lock",
  inferred: "from what let it go on",
  "shared work": "many wait for one piece of work: no contention",
  background: "for work of no request: no contention",
  blocking: "the event loop stands still meanwhile; whether it computes or waits is not known",
};

/** `orders:17 (62 %), orders:4 (20 %)`; null where the locks have no keys. */
export function formatKeys({ keys }: Pick<Hotspot, "keys">, most = 3): string | null {
  if (keys.length === 0) return null;
  return keys
    .slice(0, most)
    .map(({ key, share }) => `${key} (${formatShare(share)})`)
    .join(", ");
}

/** `3.2 waiting on average, 9 at most`; null where it is not known. */
export function formatQueue({ queue }: Pick<Hotspot, "queue">): string | null {
  if (queue === null) return null;
  return `${formatNumber(queue.mean)} waiting on average, ${formatCount(queue.max)} at most`;
}

/** `80 ms each, 95 ms at most`: how long the holder had it; null where it is not known. */
export function formatHold({ hold }: Pick<Hotspot, "hold">): string | null {
  return hold === null ? null : `${formatTime(hold.meanMicros)} each, ${formatTime(hold.maxMicros)} at most`;
}
