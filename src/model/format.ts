// Model: numbers and words as every surface shows them: terminal, panel, editor. No I/O, so that the webview can
// use it too. Unknown is `–`, never 0.

import { CATEGORIES, type Category, type Kind } from "../protocol/categories.ts";
import type { Hotspot } from "../protocol/report.ts";

export const UNKNOWN = "–";
const THIN = "\u2009";
const MINUS = "\u2212";
const UNCERTAIN = 0.25;

export const CATEGORY_NAME: Readonly<Record<Category, string>> = {
  copies: "Copies",
  switches: "Switches",
  allocations: "Allocation",
  locks: "Lock waits",
};
/** Whether a category's impact is waiting time. The two are never added. */
export function isWaiting(category: Category): boolean {
  return category === "locks";
}
export const PROCESSOR_CATEGORIES = CATEGORIES.filter((category) => !isWaiting(category));

/** What happened to the bytes, and what the events are called. */
const PAST: Readonly<Record<Kind, string>> = {
  copy: "copied",
  concat: "joined",
  encode: "encoded",
  decode: "decoded",
  clone: "cloned",
  serialise: "serialised",
  parse: "parsed",
  "round trip": "hand-off",
  "hand-off": "hand-off",
  process: "process",
  objects: "allocated",
  buffers: "allocated",
  wait: "wait",
  "pool wait": "wait",
};

let locale = "en-US";
/** Sets the grouping and the decimal sign of all figures; the default is `1,354.5`. */
export function useLocale(tag: string): void {
  try {
    new Intl.NumberFormat(tag);
    locale = tag;
  } catch {
    locale = "en-US";
  }
}

/**
 * `0.4`, `9.8`, `61.4`, `268`, `1,354`: a decimal below 100 (two significant digits below 0.1), whole from
 * there, and no digit that the error makes meaningless.
 */
export function formatNumber(value: number | null, relativeError: number | null = null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  let place = size >= 99.95 ? 0 : size >= 0.095 || size === 0 ? -1 : Math.floor(Math.log10(size)) - 1;
  if (size === 0) place = 0;
  if (relativeError !== null && relativeError > 0 && size > 0) {
    place = Math.max(
      place,
      Math.min(Math.floor(Math.log10(size)), Math.floor(Math.log10(size * relativeError))),
    );
  }
  const unit = 10 ** place;
  const rounded = place >= 0 ? Math.round(value / unit) * unit : value;
  const digits = Math.min(20, Math.max(0, -place));
  const text = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(Math.abs(rounded));
  return value < 0 && /[1-9]/.test(text) ? `${MINUS}${text}` : text;
}

/** Whole, with the locale's grouping. */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  const text = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(Math.abs(value));
  return value < 0 && text !== "0" ? `${MINUS}${text}` : text;
}

/** `268 µs/req`. */
export function formatImpact(micros: number | null, relativeError: number | null = null): string {
  return micros === null ? UNKNOWN : `${formatNumber(micros, relativeError)} µs/req`;
}

/** Latencies and holds: `850 µs`, ms from 1,000 µs, s from 10,000 ms. */
export function formatTime(micros: number | null): string {
  if (micros === null || !Number.isFinite(micros)) return UNKNOWN;
  const size = Math.abs(micros);
  if (size < 999.5) return `${formatNumber(micros)} µs`;
  if (size < 1e7) return `${formatNumber(micros / 1e3)} ms`;
  return `${formatNumber(micros / 1e6)} s`;
}

const BYTE_UNITS = ["B", "KB", "MB", "GB", "TB"] as const;
/** KB = 1,000 bytes. */
export function formatBytes(bytes: number | null, relativeError: number | null = null): string {
  if (bytes === null || !Number.isFinite(bytes)) return UNKNOWN;
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit === 0 && Math.abs(value) >= 10 ? formatCount(value) : formatNumber(value, relativeError);
  return `${text} ${BYTE_UNITS[unit]}`;
}

/** 0.69 as `69 %`. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return UNKNOWN;
  const percent = share * 100;
  if (percent > 0 && percent < 0.95)
    return percent < 0.05 ? `<${THIN}0.1${THIN}%` : `${formatNumber(percent)}${THIN}%`;
  return `${formatCount(percent)}${THIN}%`;
}

/** `± 4 %`, `exact`, `few samples`, `inferred`. */
export function formatCertainty(spot: Pick<Hotspot, "relativeError" | "confidence">): string {
  if (spot.confidence === "exact") return "exact";
  if (spot.confidence === "inferred") return "inferred";
  if (isUncertain(spot)) return "few samples";
  const percent = (spot.relativeError ?? 0) * 100;
  return `± ${percent < 1 ? `<${THIN}1` : formatCount(percent)}${THIN}%`;
}
export function isUncertain({
  relativeError,
  confidence,
}: Pick<Hotspot, "relativeError" | "confidence">): boolean {
  return confidence === "sampled" && (relativeError === null || relativeError > UNCERTAIN);
}

/** `61.4 KB`, `2.0 hand-offs`, `1.0 wait`: what a hotspot has of its unit a request. */
export function formatPerRequest(
  spot: Pick<Hotspot, "kind" | "category" | "perRequest" | "amount" | "count" | "relativeError">,
): string {
  const { kind, category, perRequest, amount, count, relativeError } = spot;
  if (perRequest === null) return UNKNOWN;
  if (category === "copies" || category === "allocations") return formatBytes(perRequest, relativeError);
  // Locks' amount is time, which the impact shows: here it is how often.
  const events =
    category === "locks" || kind === "process"
      ? amount > 0
        ? (perRequest * count) / amount
        : 0
      : perRequest;
  const text = formatNumber(events, relativeError);
  const plural = kind === "process" ? "processes" : `${PAST[kind]}s`;
  return `${text} ${/^[01][.,]?0*$/.test(text) && events >= 0.95 ? PAST[kind] : plural}`;
}

/** `61.4 KB serialised`, `2.0 hand-offs`: the same with the kind's word, for a line of code. */
export function formatPerRequestWords(spot: Parameters<typeof formatPerRequest>[0]): string {
  const text = formatPerRequest(spot);
  const bytes = spot.category === "copies" || spot.category === "allocations";
  return bytes && text !== UNKNOWN ? `${text} ${PAST[spot.kind]}` : text;
}

/** A change with its sign: `+2 %`, `−3 %`. */
export function formatChange(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return UNKNOWN;
  const percent = Math.round(share * 100);
  if (percent === 0) return `0${THIN}%`;
  return `${percent < 0 ? MINUS : "+"}${formatCount(Math.abs(percent))}${THIN}%`;
}
