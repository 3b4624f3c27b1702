// Model, claims L1 and L4: waiting for a lock, told by who holds it: the same code or another.

import { isContention } from "../../protocol/categories.ts";
import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatImpact } from "../format.ts";
import { t } from "../l10n.ts";
import { isThreadPoolWait } from "./threadPool.ts";
import { ATOMICS_WAIT } from "./unheldWaits.ts";
import { waitEvidence } from "./waitEvidence.ts";
import { isWorthIt, locationOf, partOfWhole } from "./worth.ts";

export function longHolds(report: Report): readonly Finding[] {
  return report.hotspots
    .filter(
      (spot) =>
        spot.category === "locks" &&
        spot.kind !== "loop wait" &&
        // Who ends it need not have held anything; see `unheldWaits`.
        spot.callee !== ATOMICS_WAIT &&
        spot.holder !== null &&
        isContention(spot.basis),
    )
    .filter((spot) => !isThreadPoolWait(spot) && isWorthIt(spot, report))
    .map((spot) => findingOf(spot, report));
}

function findingOf(spot: Hotspot, report: Report): Finding {
  const { holder } = spot;
  const own = holder !== null && holder.file === spot.file && holder.function === spot.function;
  return {
    id: own ? "own-lock" : "held-elsewhere",
    claim: own ? "L1" : "L4",
    category: "locks",
    score: partOfWhole(spot, report),
    title: own ? t("Hold this lock for less, or split it.") : t("Part these two uses of one lock."),
    evidence: `${waitEvidence(spot, report)} ${own ? t("Its holder is another request in the same code.") : t("Its holder is other code.")}`,
    advice: `${own ? t("Move out of the lock what does not need it, or keep one lock for each id.") : t("Give what the two protect a lock each, or shorten what the holder does.")} ${t("Saves up to {0} of waiting.", formatImpact(spot.impactMicrosPerRequest, spot.relativeError))}`,
    locations: holder === null ? [locationOf(spot)] : [locationOf(spot), locationOf(holder)],
  };
}
