// Model, claim L1: the event loop is one lock that all of a worker's requests share; code that keeps it keeps them waiting.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatCount, formatImpact, formatShare, formatTime } from "../format.ts";
import { isWorthIt, locationOf, partOfWhole } from "./worth.ts";

const ROUTES_NAMED = 3;

export function blockedLoop(report: Report): readonly Finding[] {
  return report.hotspots
    .filter((spot) => spot.kind === "loop wait" && isWorthIt(spot, report))
    .map((spot) => ({
      id: "blocking-code",
      claim: "L1",
      category: "locks",
      score: partOfWhole(spot, report),
      title: "This code blocks the event loop.",
      evidence: `${blocks(spot)}Requests wait for it ${formatCount(spot.count)} times, ${formatTime(spot.amount / spot.count)} each: ${formatShare(partOfWhole(spot, report))} of mean latency.${routes(report)}`,
      advice: `Cut the work into pieces with a turn of the loop in between, do it in a worker thread, or use the asynchronous function. Saves up to ${formatImpact(spot.impactMicrosPerRequest, spot.relativeError)} of waiting.`,
      locations: [locationOf(spot)],
    }));
}

function blocks({ hold }: Hotspot): string {
  if (hold === null) return "";
  return `It runs for ${formatTime(hold.meanMicros)} without a pause, ${formatTime(hold.maxMicros)} at most. `;
}

/** Of all code that blocks: which requests wait for which is not kept. */
function routes({ requests }: Report): string {
  const kept = requests.routes.flatMap(({ method, route, loopWaits }) =>
    loopWaits !== null && loopWaits.count > 0 ? [{ name: `${method} ${route}`, ...loopWaits }] : [],
  );
  kept.sort((a, b) => b.count * b.meanMicros - a.count * a.meanMicros);
  const named = kept.slice(0, ROUTES_NAMED);
  if (named.length === 0) return "";
  const list = named.map(
    ({ name, count, meanMicros }) => `${name} (${formatCount(count)}, ${formatTime(meanMicros)} each)`,
  );
  return ` Whom the loop kept waiting: ${list.join(", ")}.`;
}
