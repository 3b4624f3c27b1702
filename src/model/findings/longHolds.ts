// Model, claims L1 and L4: waiting for a lock, told by who holds it: the same code or another.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatEvents, formatImpact, formatNumber, formatShare, formatTime } from "../format.ts";
import { isWorthIt, locationOf, partOfWhole } from "./worth.ts";

export function longHolds(report: Report): readonly Finding[] {
  return report.hotspots
    .filter((spot) => spot.category === "locks" && spot.holder !== null && isWorthIt(spot, report))
    .map((spot) => findingOf(spot, report));
}

function findingOf(spot: Hotspot, report: Report): Finding {
  const { holder, count, amount } = spot;
  const part = partOfWhole(spot, report);
  const own = holder !== null && holder.file === spot.file && holder.function === spot.function;
  const { total, perSecond } = report.requests;
  const waits =
    total > 0
      ? `${formatEvents(count / total, spot.kind)} a request at ${formatNumber(perSecond)} req/s`
      : "";
  const mean = count > 0 ? `, ${formatTime(amount / count)} each` : "";
  return {
    id: own ? "own-lock" : "held-elsewhere",
    claim: own ? "L1" : "L4",
    category: "locks",
    score: part,
    title: own ? "Hold this lock for less, or split it." : "Part these two uses of one lock.",
    evidence: `${waits}${mean}: ${formatShare(part)} of mean latency. ${own ? "Its holder is another request in the same code." : "Its holder is other code."}`,
    advice: `${own ? "Move out of the lock what does not need it, or keep one lock for each id." : "Give what the two protect a lock each, or shorten what the holder does."} Saves up to ${formatImpact(spot.impactMicrosPerRequest, spot.relativeError)} of waiting.`,
    locations: holder === null ? [locationOf(spot)] : [locationOf(spot), locationOf(holder)],
  };
}
