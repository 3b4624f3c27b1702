// Editor: what a hot function costs in all, for the line above it. Pure.

import {
  CATEGORY_NAME,
  dependsOnLoad,
  formatCount,
  formatImpact,
  formatNumber,
  isWaiting,
} from "../../model/format.ts";
import { scopeWords } from "../../model/formatScope.ts";
import { t } from "../../model/l10n.ts";
import { CATEGORIES } from "../../protocol/categories.ts";
import type { Hotspot } from "../../protocol/report.ts";

/**
 * `117 µs/req, 268 waiting at 2,304 req/s`: the two kinds of time are never added, and what depends on the load is not without its
 * rate. Null where nothing has a price.
 * @param edited the function was changed since it was measured
 */
export function lensText(hotspots: readonly Hotspot[], perSecond: number, edited: boolean): string | null {
  const [processor, waiting] = [false, true].map((kind) =>
    sum(hotspots.filter(({ category }) => isWaiting(category) === kind)),
  ) as [number | null, number | null];
  if (processor === null && waiting === null) return null;
  const words =
    processor === null
      ? [t("{0} waiting", formatImpact(waiting))]
      : [formatImpact(processor), ...(waiting === null ? [] : [t("{0} waiting", formatNumber(waiting))])];
  const rated = hotspots.some(
    ({ category, impactMicrosPerRequest }) => dependsOnLoad(category) && impactMicrosPerRequest !== null,
  );
  const text = words.join(", ");
  return [
    rated ? t("{0} at {1} req/s", text, formatCount(perSecond)) : text,
    ...(edited ? [t("before the edits")] : []),
  ].join(", ");
}

/** A line a category, largest first, and what the figures cover, with its rate. */
export function lensTooltip(hotspots: readonly Hotspot[], perSecond: number, scopeLabel: string): string {
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
  return [...lines, t("{0} at {1} req/s", scopeWords(scopeLabel), formatCount(perSecond))].join("\n");
}

function sum(hotspots: readonly Hotspot[]): number | null {
  const known = hotspots
    .map(({ impactMicrosPerRequest }) => impactMicrosPerRequest)
    .filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((total, one) => total + one, 0);
}
