// Model: what is known of a site's waits, in words, the same in the terminal, the panel and the editor.

import type { LockBasis } from "../protocol/categories.ts";
import type { Hotspot } from "../protocol/report.ts";
import { formatCount, formatNumber, formatShare, formatTime } from "./format.ts";
import { said, t } from "./l10n.ts";

export const BASIS_NAME: Readonly<Record<LockBasis, string>> = {
  exact: said("exact"),
  inferred: said("inferred"),
  "shared work": said("shared work"),
  background: said("background"),
  blocking: said("blocking"),
};

/** What the basis means. */
export const BASIS_MEANING: Readonly<Record<LockBasis, string>> = {
  exact: said("measured at the lock"),
  inferred: said("from what let it go on"),
  "shared work": said("many wait for one piece of work: no contention"),
  background: said("for work of no request: no contention"),
  blocking: said("the event loop stands still meanwhile; whether it computes or waits is not known"),
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
  return t("{0} waiting on average, {1} at most", formatNumber(queue.mean), formatCount(queue.max));
}

/** `80 ms each, 95 ms at most`: how long the holder had it; null where it is not known. */
export function formatHold({ hold }: Pick<Hotspot, "hold">): string | null {
  return hold === null
    ? null
    : t("{0} each, {1} at most", formatTime(hold.meanMicros), formatTime(hold.maxMicros));
}
