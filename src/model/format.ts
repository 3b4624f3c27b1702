// Model: numbers and words as every surface shows them: terminal, panel, editor. No I/O, so that the webview can
// use it too. Unknown is `–`, never 0.

import { CATEGORIES, type Category, type Kind } from "../protocol/categories.ts";
import type { Hotspot } from "../protocol/report.ts";
import { numberLocale, said, t } from "./l10n.ts";

export const UNKNOWN = "–";
const THIN = "\u2009";
const MINUS = "\u2212";
const UNCERTAIN = 0.25;
/** Samples from which on equal ones have an error below `UNCERTAIN`. */
const ENOUGH_SAMPLES = 64;

export const CATEGORY_NAME: Readonly<Record<Category, string>> = {
  copies: said("Copies"),
  switches: said("Switches"),
  allocations: said("Allocation"),
  locks: said("Lock waits"),
};
/** As a heading has it, in the user's language. */
export function categoryName(category: Category): string {
  return t(CATEGORY_NAME[category]);
}
const CATEGORY_IN_TEXT: Readonly<Record<Category, string>> = {
  copies: said("copies"),
  switches: said("switches"),
  allocations: said("allocation"),
  locks: said("lock waits"),
};
/** Within a sentence, in the user's language. */
export function categoryInText(category: Category): string {
  return t(CATEGORY_IN_TEXT[category]);
}
/** What a hotspot's share is a part of: never of the impact, by which they are ranked. */
const SHARED: Readonly<Record<Category, string>> = {
  copies: said("copied bytes"),
  switches: said("hand-offs"),
  allocations: said("allocated bytes"),
  locks: said("waiting time"),
};
/** `24 % of all copied bytes`, in the user's language. */
export function shareInText(share: number | null, category: Category): string {
  return t("{0} of all {1}", formatShare(share), t(SHARED[category]));
}
/** Whether a category's impact is waiting time. The two are never added. */
export function isWaiting(category: Category): boolean {
  return category === "locks";
}
/** Switches and waits are more under more load: their figures are never shown without its rate. */
export function dependsOnLoad(category: Category): boolean {
  return category === "switches" || category === "locks";
}
export const PROCESSOR_CATEGORIES = CATEGORIES.filter((category) => !isWaiting(category));

/** What happened to the bytes, and what the events are called. */
const PAST: Readonly<Record<Kind, string>> = {
  copy: said("copied"),
  concat: said("joined"),
  encode: said("encoded"),
  decode: said("decoded"),
  clone: said("cloned"),
  serialise: said("serialised"),
  parse: said("parsed"),
  hash: said("hashed"),
  cipher: said("ciphered"),
  compress: said("compressed"),
  "round trip": said("hand-off"),
  "hand-off": said("hand-off"),
  process: said("process"),
  hop: said("hop"),
  objects: said("allocated"),
  buffers: said("allocated"),
  wait: said("wait"),
  "pool wait": said("wait"),
  blocked: said("blocking call"),
  "loop wait": said("wait"),
  "promise wait": said("wait"),
};

const KIND_WORD: Readonly<Record<Kind, string>> = {
  copy: said("copy"),
  concat: said("concat"),
  encode: said("encode"),
  decode: said("decode"),
  clone: said("clone"),
  serialise: said("serialise"),
  parse: said("parse"),
  hash: said("hash"),
  cipher: said("cipher"),
  compress: said("compress"),
  "round trip": said("round trip"),
  "hand-off": said("hand-off"),
  process: said("process"),
  hop: said("hop"),
  objects: said("objects"),
  buffers: said("buffers"),
  wait: said("wait"),
  "pool wait": said("pool wait"),
  blocked: said("blocked"),
  "loop wait": said("loop wait"),
  "promise wait": said("promise wait"),
};
/** A kind's name in the user's language. */
export function kindWord(kind: Kind): string {
  return t(KIND_WORD[kind]);
}

/** More than one of what is counted. */
const MANY: Readonly<Partial<Record<Kind, string>>> = {
  "round trip": said("hand-offs"),
  "hand-off": said("hand-offs"),
  process: said("processes"),
  hop: said("hops"),
  wait: said("waits"),
  "pool wait": said("waits"),
  blocked: said("blocking calls"),
  "loop wait": said("waits"),
  "promise wait": said("waits"),
};

/** By digits behind the decimal sign, of one locale: making one costs as much as a hundred uses. */
let formats: Intl.NumberFormat[] = [];
let formatsLocale = "";

/** With so many digits behind the decimal sign. */
export function fixed(value: number, digits: number): string {
  const locale = numberLocale();
  if (formatsLocale !== locale) [formats, formatsLocale] = [[], locale];
  formats[digits] ??= new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return formats[digits].format(value);
}

/** Smaller figures are only said to be so. */
const SMALLEST = 0.01;

/**
 * `0.4`, `9.8`, `61.4`, `268`, `1,354`: one decimal below 100 (two below 0.1), whole from there, and no digit that
 * the error makes meaningless.
 */
export function formatNumber(value: number | null, relativeError: number | null = null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (value > 0 && value < SMALLEST / 2) return `<${THIN}${fixed(SMALLEST, 2)}`;
  const place = lastPlace(size, relativeError);
  const text = fixed(roundTo(size, place), Math.max(0, -place));
  return value < 0 && /[1-9]/.test(text) ? `${MINUS}${text}` : text;
}

/** What `formatNumber` shows, as a number: rows in order of what is read are ordered by it. */
export function shownNumber(value: number, relativeError: number | null = null): number {
  const size = Math.abs(value);
  return size === 0 ? 0 : Math.sign(value) * roundTo(size, lastPlace(size, relativeError));
}

/** Of the decimal place that is shown last: 2 for hundreds, -1 for tenths. */
function lastPlace(size: number, relativeError: number | null): number {
  const place = size >= 99.95 ? 0 : size >= 0.095 ? -1 : -2;
  if (relativeError === null || relativeError <= 0) return place;
  // At least one digit is left, however large the error.
  return Math.max(place, Math.floor(Math.log10(size * Math.min(1, relativeError))));
}

function roundTo(size: number, place: number): number {
  return place >= 0 ? Math.round(size / 10 ** place) * 10 ** place : Number(size.toFixed(-place));
}

/** `2 cores`, `1.5 cores`: a quota may leave a part of one. */
export function formatCores(cores: number): string {
  if (cores === 1) return t("1 core");
  return t("{0} cores", Number.isInteger(cores) ? formatCount(cores) : formatNumber(cores));
}

/** Whole, with the locale's grouping. */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  const text = fixed(Math.abs(Math.round(value)), 0);
  return value < 0 && text !== "0" ? `${MINUS}${text}` : text;
}

/** `268 µs/req`. */
export function formatImpact(micros: number | null, relativeError: number | null = null): string {
  if (micros === null || !Number.isFinite(micros)) return UNKNOWN;
  return t("{0} µs/req", formatNumber(micros, relativeError));
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

/** `+13 %`, `−0.4 %`: of what it is a part more or less of. @param part 0.13 */
export function formatMore(part: number): string {
  const sign = part < 0 ? "\u2212" : "+";
  return part === 0 ? formatShare(0) : `${sign}${formatShare(Math.abs(part))}`;
}

/** `± 4 %`, `exact`, `few samples`, `inferred`; `uneven samples` where there are many, but a few weigh most. */
export function formatCertainty(
  spot: Pick<Hotspot, "relativeError" | "confidence"> & Partial<Pick<Hotspot, "samples">>,
): string {
  if (spot.confidence === "exact") return t("exact");
  if (spot.confidence === "inferred") return t("inferred");
  if (isUncertain(spot)) return (spot.samples ?? 0) < ENOUGH_SAMPLES ? t("few samples") : t("uneven samples");
  const percent = (spot.relativeError ?? 0) * 100;
  return `± ${percent < 1 ? `<${THIN}1` : formatCount(percent)}${THIN}%`;
}
export function isUncertain({
  relativeError,
  confidence,
}: Pick<Hotspot, "relativeError" | "confidence">): boolean {
  return confidence === "sampled" && (relativeError === null || relativeError > UNCERTAIN);
}

/** `2.0 hand-offs`, `1.0 wait`. */
export function formatEvents(count: number | null, kind: Kind, relativeError: number | null = null): string {
  if (count === null || !Number.isFinite(count)) return UNKNOWN;
  const text = formatNumber(count, relativeError);
  const one = count >= 0.95 && count < 1.05;
  return `${text} ${t(one ? PAST[kind] : (MANY[kind] ?? PAST[kind]))}`;
}

/** `61.4 KB`, `2.0 hand-offs`, `1.0 wait`: what a hotspot has of its unit a request. */
export function formatPerRequest(
  spot: Pick<Hotspot, "kind" | "category" | "perRequest" | "amount" | "count" | "relativeError">,
): string {
  const { kind, category, perRequest, amount, count, relativeError } = spot;
  if (perRequest === null) return UNKNOWN;
  if (category === "copies" || category === "allocations") return formatBytes(perRequest, relativeError);
  // Locks' amount is time, which the impact shows: here it is how often. Of a process that starts, two hand-offs.
  const counted = category === "locks" || kind === "process";
  const events = !counted ? perRequest : amount > 0 ? (perRequest * count) / amount : 0;
  return formatEvents(events, kind, relativeError);
}

/** `61.4 KB serialised`, `2.0 hand-offs`: the same with the kind's word, for a line of code. */
export function formatPerRequestWords(spot: Parameters<typeof formatPerRequest>[0]): string {
  const text = formatPerRequest(spot);
  const bytes = spot.category === "copies" || spot.category === "allocations";
  return bytes && text !== UNKNOWN ? `${text} ${t(PAST[spot.kind])}` : text;
}

/** From here on a change is a multiple: `+164,501 %` is no figure to read. */
const LEAST_MULTIPLE = 10;

/** A change with its sign: `+2 %`, `−3 %`; from ten times on `× 12`. */
export function formatChange(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return UNKNOWN;
  if (share + 1 >= LEAST_MULTIPLE) return `×${THIN}${formatCount(Math.round(share + 1))}`;
  const percent = Math.round(share * 100);
  if (percent === 0) return `0${THIN}%`;
  return `${percent < 0 ? MINUS : "+"}${formatCount(Math.abs(percent))}${THIN}%`;
}
