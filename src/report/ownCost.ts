// Report: what Darcy itself costs, in words. While its workers rest it costs nothing.

import { formatShare } from "../model/format.ts";
import type { Report } from "../protocol/report.ts";

export function ownCost({ selfOverhead, measuredShare = 1 }: Report): string {
  const { share } = selfOverhead;
  if (share === null) return "Darcy's own cost is unknown here";
  const rests =
    measuredShare < 1
      ? ` (${formatShare(share)} while it measured, ${formatShare(measuredShare)} of the time)`
      : "";
  return `Darcy's own cost ${formatShare(share * measuredShare)} of processor time${rests}, left out of all figures`;
}
