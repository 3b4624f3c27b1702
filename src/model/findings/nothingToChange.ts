// Model, claim D8: returns diminish. When no line is worth it, that is what is said.

import type { Finding, Report } from "../../protocol/report.ts";
import { formatShare, isUncertain } from "../format.ts";
import { t } from "../l10n.ts";
import { partOfWhole, WORTH_CHANGING } from "./worth.ts";

/** Requests below which figures have not settled. */
const SETTLED = 1_000;

export function nothingToChange(report: Report, found: readonly Finding[]): readonly Finding[] {
  if (report.requests.total < SETTLED || found.some((finding) => finding.category !== null)) return [];
  // What is not known is not small.
  const { processorMicrosPerRequest, requests, hotspots, totals } = report;
  if (processorMicrosPerRequest === null || requests.meanMicros === null || hotspots.length === 0) return [];
  if (Object.values(totals).some((total) => total.impactMicrosPerRequest === null)) return [];
  // As arguments of one call, a hundred thousand are too many.
  let largest = 0;
  for (const spot of hotspots) largest = Math.max(largest, partOfWhole(spot, report));
  if (largest >= WORTH_CHANGING || hotspots.some((spot) => isUncertain(spot) && spot.share > 0.5)) return [];
  return [
    {
      id: "nothing-to-change",
      claim: "D8",
      category: null,
      score: 0,
      title: t("Nothing here is worth changing."),
      evidence: t("The largest line takes {0} of a request's time of its kind.", formatShare(largest)),
      advice: "",
      locations: [],
    },
  ];
}
