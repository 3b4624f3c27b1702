// Model: a comparison's figures in words, as terminal, Markdown and view say them: which changes are worth a row, and how.

import type { Category } from "../protocol/categories.ts";
import type { Change, Comparison, HotspotChange, Verdict } from "../protocol/comparison.ts";
import type { Hotspot } from "../protocol/report.ts";
import { formatBytes, formatChange, formatNumber, formatPerRequest, formatTime, UNKNOWN } from "./format.ts";
import { said, t } from "./l10n.ts";

/** Below this share of its category on both sides a site is folded away. */
const LEAST_SHARE = 0.02;
const MOST_SHOWN: Readonly<Record<Verdict, number>> = { more: 40, less: 12, unclear: 4 };
export const GROUPS: readonly (readonly [Verdict, string])[] = [
  ["more", said("More")],
  ["less", said("Less")],
  ["unclear", said("No clear change")],
];

export function verdictWords({ verdict, before, after }: Change): string {
  if (before === null || after === null) return UNKNOWN;
  return verdict === "unclear" ? t("no clear change") : t("clear");
}

export function formatAmount(category: Category, value: number | null): string {
  return category === "copies" || category === "allocations" ? formatBytes(value) : formatNumber(value);
}

/** What is worth a row, and how many are folded away. */
export function shownChanges(
  { hotspots }: Pick<Comparison, "hotspots">,
  verdict: Verdict,
  top: number | undefined,
): { readonly shown: readonly HotspotChange[]; readonly folded: number } {
  const all = hotspots.filter((change) => change.verdict === verdict);
  const notable = all.filter(
    ({ before, after }) => Math.max(before?.share ?? 0, after?.share ?? 0) >= LEAST_SHARE,
  );
  const shown = notable.slice(0, top ?? MOST_SHOWN[verdict]);
  return { shown, folded: all.length - shown.length };
}

/** `+12.0`, `−3.1`; of what has no clear change what it costs now. */
export function signed({ impactMicros, verdict }: HotspotChange): string {
  const { difference, after } = impactMicros;
  if (verdict === "unclear") return formatNumber(after);
  return withSign(difference, formatNumber);
}

/** A difference with its sign, also where it is up. */
export function withSign(difference: number | null, format: (value: number) => string): string {
  if (difference === null) return UNKNOWN;
  const text = format(difference);
  return difference > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** `12.0 KB → 24.1 KB (+100 %)`, `new: 24.1 KB`, `gone: 12.0 KB`; of lock waits their time, which is what the change is of. */
export function amounts({ before, after, category, perRequest }: HotspotChange): string {
  const format = (spot: Hotspot) =>
    category === "locks" ? formatTime(spot.perRequest) : formatPerRequest(spot);
  if (before === null) return after === null ? UNKNOWN : t("new: {0}", format(after));
  if (after === null) return t("gone: {0}", format(before));
  return `${format(before)} → ${format(after)} (${formatChange(perRequest.ratio)})`;
}
