// Panel: the model's number formats split into figure and unit, because the unit is shown muted.

import { formatBytes, formatCount, formatNumber, formatShare, formatTime } from "../src/model/format.ts";
import { impactError } from "../src/model/formatOrder.ts";
import { t } from "../src/model/l10n.ts";

export interface Figure {
  readonly figure: string;
  /** With the space before it. */
  readonly unit: string;
}

export const bytesFigure = (value: number | null): Figure => split(formatBytes(value));
/** Latencies and holds. */
export const timeFigure = (micros: number | null): Figure => split(formatTime(micros));
export const shareFigure = (share: number | null): Figure => split(formatShare(share));

/** Impact is whole from 10 on, so that a column of it reads as one. */
export function impact(micros: number | null, relativeError: number | null = null): string {
  return micros === null ? formatNumber(null) : formatNumber(micros, impactError(micros, relativeError));
}

/** A share that matters at a tenth of a per cent, such as our own cost: `1.8 %`. */
export function fineShare(share: number | null): string {
  if (share === null || share === 0 || share >= 0.0995) return formatShare(share);
  return share < 0.0095 ? formatShare(share) : `${formatNumber(100 * share)}\u2009%`;
}

/** A thin space counts: it stands before %. */
export function split(text: string): Figure {
  const at = text.search(/[ \u2009][^ \u2009]*$/);
  return at < 0 ? { figure: text, unit: "" } : { figure: text.slice(0, at), unit: text.slice(at) };
}

/** `02:48`, from an hour on `1:02:48`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => `${value}`.padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** `1 sample`, `1,354 samples`. @param one @param many as `said` marks them, with `{0}` for the figure */
export function plural(value: number, one: string, many: string): string {
  return t(value === 1 ? one : many, formatCount(value));
}
