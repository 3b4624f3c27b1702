// Model, claim L1: the event loop is one lock that all of a worker's requests share; code that keeps it keeps them waiting.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatCount, formatImpact, formatShare, formatTime } from "../format.ts";
import { t } from "../l10n.ts";
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
      title: t("This code blocks the event loop."),
      evidence: t(
        "{0}Requests wait for it {1} times, {2} each: {3} of mean latency.{4}",
        blocks(spot),
        formatCount(spot.count),
        formatTime(spot.amount / spot.count),
        formatShare(partOfWhole(spot, report)),
        routes(report),
      ),
      advice: t(
        "Cut the work into pieces with a turn of the loop in between, do it in a worker thread, or use the asynchronous function. Saves up to {0} of waiting.",
        formatImpact(spot.impactMicrosPerRequest, spot.relativeError),
      ),
      locations: [locationOf(spot)],
    }));
}

function blocks({ hold }: Hotspot): string {
  if (hold === null) return "";
  return t(
    "It runs for {0} without a pause, {1} at most. ",
    formatTime(hold.meanMicros),
    formatTime(hold.maxMicros),
  );
}

/** Of all code that blocks: which requests wait for which is not kept. */
function routes({ requests }: Report): string {
  const kept = requests.routes.flatMap(({ method, route, loopWaits }) =>
    loopWaits !== null && loopWaits.count > 0 ? [{ name: `${method} ${route}`, ...loopWaits }] : [],
  );
  kept.sort((a, b) => b.count * b.meanMicros - a.count * a.meanMicros);
  const named = kept.slice(0, ROUTES_NAMED);
  if (named.length === 0) return "";
  const list = named.map(({ name, count, meanMicros }) =>
    t("{0} ({1}, {2} each)", name, formatCount(count), formatTime(meanMicros)),
  );
  return t(" Whom the loop kept waiting: {0}.", list.join(", "));
}
