// Report: what Darcy costs, in words: its own code, which takes nothing while its workers rest, and, where rests tell it, all
// that the server pays for it, as for what V8 does otherwise.

import { formatMore, formatShare } from "../model/format.ts";
import type { Report } from "../protocol/report.ts";

export function ownCost(report: Report): string {
  const {
    selfOverhead: { share },
    measuredShare = 1,
  } = report;
  if (share === null) return "What Darcy's own code takes is unknown here";
  const rests =
    measuredShare < 1
      ? ` (${formatShare(share)} while it measured, ${formatShare(measuredShare)} of the time)`
      : "";
  const own = `Darcy's own code ${formatShare(share * measuredShare)} of processor time${rests}`;
  return `${own}, left out of all figures; ${paid(report)} (docs/cost.md)`;
}

function paid({ selfOverhead: { compared }, measuredShare = 1 }: Report): string {
  if (!compared) return "the server pays more";
  const { ratio, halfWidth, rests } = compared;
  const more = ratio - 1;
  const error = halfWidth === null ? "" : ` ± ${formatShare(halfWidth)}`;
  const by = `by ${rests} ${rests === 1 ? "rest" : "rests"}`;
  return `in all a request takes the server ${formatMore(more)}${error} processor time while it measured, ${formatMore(more * measuredShare)} over all, ${by}`;
}
