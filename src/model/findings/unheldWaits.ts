// Model, claim L1: waiting whose holder nobody saw, and on shared memory, where whoever ends it need not have held anything.

import { isContention } from "../../protocol/categories.ts";
import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatImpact } from "../format.ts";
import { said, t } from "../l10n.ts";
import { isThreadPoolWait } from "./threadPool.ts";
import { waitEvidence } from "./waitEvidence.ts";
import { isWorthIt, locationOf, partOfWhole } from "./worth.ts";

export const ATOMICS_WAIT = "Atomics.wait";

interface Remedy {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
}

const BLOCKED: Remedy = {
  id: "blocked-loop",
  title: said("The event loop blocks here."),
  meaning: said("Nothing else runs on this thread while it waits, so other requests wait too."),
  advice: said(
    "Wait with Atomics.waitAsync, or do the waiting in a worker thread and have it post a message.",
  ),
};
const POOL: Remedy = {
  id: "unheld-wait",
  title: said("These waits are for a place in a pool."),
  meaning: said("Who had the places was not seen."),
  advice: said("Allow more at a time (maxSockets), or take a place for less."),
};
const UNSEEN: Remedy = {
  id: "unheld-wait",
  title: said("Shorten what these waits are for."),
  meaning: said("Who ends them was not seen: another thread, or code that has no line."),
  advice: said("Find what they wait for and make it shorter, or wait for less of it."),
};

function remedyOf(spot: Hotspot, report: Report): Remedy | null {
  if (spot.kind === "pool wait") return POOL;
  if (spot.callee !== ATOMICS_WAIT) return UNSEEN;
  const main = spot.byWorker.reduce(
    (sum, amount, at) => sum + (report.workers[at]?.threadId === 0 ? amount : 0),
    0,
  );
  // A worker thread that has nothing to do waits in the same way.
  return main > spot.amount / 2 ? BLOCKED : null;
}

export function unheldWaits(report: Report): readonly Finding[] {
  return report.hotspots.flatMap((spot) => {
    if (spot.category !== "locks" || !isWorthIt(spot, report)) return [];
    if (spot.holder !== null && spot.callee !== ATOMICS_WAIT) return [];
    if (!isContention(spot.basis) || isThreadPoolWait(spot)) return [];
    const remedy = remedyOf(spot, report);
    if (remedy === null) return [];
    return [
      {
        id: remedy.id,
        claim: "L1",
        category: spot.category,
        score: partOfWhole(spot, report),
        title: t(remedy.title),
        evidence: `${waitEvidence(spot, report)} ${t(remedy.meaning)}`,
        advice: t(
          "{0} Saves up to {1} of waiting.",
          t(remedy.advice),
          formatImpact(spot.impactMicrosPerRequest, spot.relativeError),
        ),
        locations: spot.holder === null ? [locationOf(spot)] : [locationOf(spot), locationOf(spot.holder)],
      },
    ];
  });
}
