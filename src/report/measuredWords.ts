// Report: how long was measured, and whether in spells: alike in the text and in Markdown.

import { formatNumber, formatShare } from "../model/format.ts";
import type { Report } from "../protocol/report.ts";

export function measuredWords({ durationMs, measuredShare = 1 }: Report): string {
  const rests = measuredShare < 1 ? ` (${formatShare(measuredShare)} of the time, in spells)` : "";
  return `${formatNumber(durationMs / 1000)} s measured${rests}`;
}
