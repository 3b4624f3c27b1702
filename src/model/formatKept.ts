// Model: what stays of an allocating site's objects, and what collecting them costs, in the words of every view.

import type { Hotspot } from "../protocol/report.ts";
import { formatBytes, formatCount, formatShare, formatTime } from "./format.ts";

/** Above it half of a sentence would be the error. */
const WIDEST = 1;
/** In lists: less is said in the details only. */
const NOTABLE_KEPT = 0.05;

/** `34 % in use after 0.25 s, 1.2 KB a request (± 12 %)`; null where it is not known. */
export function keptWords({ kept }: Pick<Hotspot, "kept">): string | null {
  if (kept === undefined || kept === null) return null;
  const { share, bytesPerRequest, samples, relativeError } = kept;
  if (samples === 0) return "garbage within 0.25 s: none was seen to stay";
  const bytes = bytesPerRequest === null ? "" : `, ${formatBytes(bytesPerRequest, relativeError)} a request`;
  const sure =
    relativeError === null || relativeError > WIDEST
      ? "few samples"
      : `± ${formatCount(relativeError * 100)} %`;
  return `${formatShare(share)} in use after 0.25 s${bytes} (${sure})`;
}

/** `12 µs a request (young generation 10 µs, whole heap 2.0 µs by what stays)`; null where it is charged none. */
export function pauseWords({ pauses }: Pick<Hotspot, "pauses">): string | null {
  if (pauses === undefined) return null;
  const { youngMicrosPerRequest: young, fullMicrosPerRequest: full, fullBasis } = pauses;
  if (young === null || full === null) return null;
  const by = fullBasis === "kept bytes" ? "what stays" : "bytes";
  return `${formatTime(young + full)} a request (young generation ${formatTime(young)}, whole heap ${formatTime(full)} by ${by})`;
}

/** For one line of a list; null where nothing of it is worth one. */
export function notableWords(spot: Hotspot): string | null {
  const { kept, pauses, impactMicrosPerRequest: impact } = spot;
  const words: string[] = [];
  const stays = keptWords(spot);
  if (stays !== null && (kept?.share ?? 0) >= NOTABLE_KEPT) words.push(stays);
  const collected = pauseWords(spot);
  const micros = (pauses?.youngMicrosPerRequest ?? 0) + (pauses?.fullMicrosPerRequest ?? 0);
  if (collected !== null && impact !== null && micros > impact / 4) words.push(`collections ${collected}`);
  return words.length === 0 ? null : words.join("; ");
}
