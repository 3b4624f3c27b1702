// Editor: what a hot function costs in all, for the line above it. Pure.

import { CATEGORY_NAME, formatImpact, formatNumber, isWaiting } from "../../model/format.ts";
import { scopeWords } from "../../model/formatScope.ts";
import { t } from "../../model/l10n.ts";
import { CATEGORIES } from "../../protocol/categories.ts";
import type { Hotspot } from "../../protocol/report.ts";

/**
 * `117 µs/req, 268 waiting`: the two kinds of time are never added. Null where nothing has a price.
 * @param edited the function was changed since it was measured
 */
export function lensText(hotspots: readonly Hotspot[], edited: boolean): string | null {
  const [processor, waiting] = [false, true].map((kind) =>
    sum(hotspots.filter(({ category }) => isWaiting(category) === kind)),
  ) as [number | null, number | null];
  if (processor === null && waiting === null) return null;
  const words =
    processor === null
      ? [t("{0} waiting", formatImpact(waiting))]
      : [formatImpact(processor), ...(waiting === null ? [] : [t("{0} waiting", formatNumber(waiting))])];
  return [...words, ...(edited ? [t("before the edits")] : [])].join(", ");
}

/** A line a category, largest first, and what the figures cover. */
export function lensTooltip(hotspots: readonly Hotspot[], scopeLabel: string): string {
  const lines = CATEGORIES.map((category) => ({
    category,
    micros: sum(hotspots.filter((spot) => spot.category === category)),
  }))
    .filter((line): line is typeof line & { micros: number } => line.micros !== null)
    .sort((a, b) => b.micros - a.micros)
    .map(
      ({ category, micros }) =>
        `${t(CATEGORY_NAME[category])}: ${isWaiting(category) ? t("{0} waiting", formatImpact(micros)) : formatImpact(micros)}`,
    );
  return [...lines, scopeWords(scopeLabel)].join("\n");
}

function sum(hotspots: readonly Hotspot[]): number | null {
  const known = hotspots
    .map(({ impactMicrosPerRequest }) => impactMicrosPerRequest)
    .filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((total, one) => total + one, 0);
}
