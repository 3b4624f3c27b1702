// Model: how an allocating line is known, in the words of every view.

import type { Hotspot } from "../protocol/report.ts";
import { formatBytes, formatNumber } from "./format.ts";
import { t } from "./l10n.ts";

const SIZES_SHOWN = 3;

/** "" for what always has a line. */
export function lineWords({ lineBasis, candidates = [] }: Hotspot): string {
  if (lineBasis === undefined) return "";
  if (lineBasis === "exact") return t("the function's only allocating line");
  if (lineBasis === "estimated") return t("line by the objects' sizes");
  if (candidates.length === 0) return t("function total");
  return candidates.length === 1
    ? t("function total; candidate line {0}", candidates.join(", "))
    : t("function total; candidate lines {0}", candidates.join(", "));
}

/** `176 B × 488, 32 B × 488` a request; "" where no size is known. */
export function sizeWords({ sizes = [] }: Hotspot, requests: number): string {
  return sizes
    .slice(0, SIZES_SHOWN)
    .map(
      ({ bytes, count }) =>
        `${formatBytes(bytes)} × ${formatNumber(requests > 0 ? count / requests : count)}`,
    )
    .join(", ");
}
