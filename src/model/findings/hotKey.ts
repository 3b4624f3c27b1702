// Model, claims L5 and L6: of a lock with many keys, one that most of the waiting is for.

import { isContention } from "../../protocol/categories.ts";
import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatImpact, formatShare } from "../format.ts";
import { t } from "../l10n.ts";
import { waitEvidence } from "./waitEvidence.ts";
import { isWorthIt, locationOf, partOfWhole } from "./worth.ts";

/** Of a line's waiting. */
const HOT = 0.5;

export function hotKeys(report: Report): readonly Finding[] {
  return report.hotspots.flatMap((spot) => {
    const [hottest, ...others] = spot.keys;
    // A pool's key is its host or database, which is not chosen by the request. One key alone is no skew.
    const keyed = spot.kind === "wait" && isContention(spot.basis) && others.length > 0;
    if (!keyed || hottest === undefined || hottest.share < HOT || !isWorthIt(spot, report)) return [];
    return [findingOf(spot, hottest.share, report)];
  });
}

function findingOf(spot: Hotspot, share: number, report: Report): Finding {
  return {
    id: "hot-key",
    claim: "L6",
    category: "locks",
    score: partOfWhole(spot, report) * share,
    title: t("Divide what one key of this lock protects."),
    evidence: t(
      "{0} {1} of it is for the key {2}.",
      waitEvidence(spot, report),
      formatShare(share),
      spot.key ?? "",
    ),
    advice: t(
      "Split it by id or hash, so that requests for it need not wait for each other. Saves up to {0} of waiting.",
      formatImpact((spot.impactMicrosPerRequest ?? 0) * share, spot.relativeError),
    ),
    locations: [locationOf(spot)],
  };
}
