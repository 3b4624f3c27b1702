// Report: what Darcy's own code takes, in words. While its workers rest it takes nothing. What V8 does besides is not known.

import { formatShare } from "../model/format.ts";
import type { Report } from "../protocol/report.ts";

export function ownCost({ selfOverhead, measuredShare = 1 }: Report): string {
  const { share } = selfOverhead;
  if (share === null) return "What Darcy's own code takes is unknown here";
  const rests =
    measuredShare < 1
      ? ` (${formatShare(share)} while it measured, ${formatShare(measuredShare)} of the time)`
      : "";
  const own = `Darcy's own code ${formatShare(share * measuredShare)} of processor time${rests}`;
  return `${own}, left out of all figures; the server pays more (docs/cost.md)`;
}
