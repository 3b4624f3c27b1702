// Model: what stays of an allocating site's objects, and what collecting them costs, in the words of every view.

import type { Hotspot } from "../protocol/report.ts";
import { formatBytes, formatCount, formatShare, formatTime } from "./format.ts";
import { t } from "./l10n.ts";

/** Above it half of a sentence would be the error. */
const WIDEST = 1;
/** In lists: less is said in the details only. */
const NOTABLE_KEPT = 0.05;

/** `34 % in use after 0.25 s, 1.2 KB a request (± 12 %)`; null where it is not known. */
export function keptWords({ kept }: Pick<Hotspot, "kept">): string | null {
  if (kept === undefined || kept === null) return null;
  const { share, bytesPerRequest, samples, relativeError } = kept;
  if (samples === 0) return t("garbage within 0.25 s: none was seen to stay");
  const bytes =
    bytesPerRequest === null ? "" : `, ${t("{0} a request", formatBytes(bytesPerRequest, relativeError))}`;
  const sure =
    relativeError === null || relativeError > WIDEST
      ? t("few samples")
      : `± ${formatCount(relativeError * 100)} %`;
  return `${t("{0} in use after 0.25 s", formatShare(share))}${bytes} (${sure})`;
}

/** `12 µs a request (young generation 10 µs, whole heap 2.0 µs by what stays)`; null where it is charged none. */
export function pauseWords({ pauses }: Pick<Hotspot, "pauses">): string | null {
  if (pauses === undefined) return null;
  const { youngMicrosPerRequest: young, fullMicrosPerRequest: full, fullBasis } = pauses;
  if (young === null || full === null) return null;
  const by = fullBasis === "kept bytes" ? t("what stays") : t("bytes");
  return t(
    "{0} a request (young generation {1}, whole heap {2} by {3})",
    formatTime(young + full),
    formatTime(young),
    formatTime(full),
    by,
  );
}

/** For one line of a list; null where nothing of it is worth one. */
export function notableWords(spot: Hotspot): string | null {
  const { kept, pauses, impactMicrosPerRequest: impact } = spot;
  const words: string[] = [];
  const stays = keptWords(spot);
  if (stays !== null && (kept?.share ?? 0) >= NOTABLE_KEPT) words.push(stays);
  const collected = pauseWords(spot);
  const micros = (pauses?.youngMicrosPerRequest ?? 0) + (pauses?.fullMicrosPerRequest ?? 0);
  if (collected !== null && impact !== null && micros > impact / 4)
    words.push(t("collections {0}", collected));
  return words.length === 0 ? null : words.join("; ");
}
