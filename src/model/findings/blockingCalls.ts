// Model, claim C6: an event loop serves many requests only while it does not stand still. A synchronous call stops it, for
// all of them.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatImpact, formatTime } from "../format.ts";
import { t } from "../l10n.ts";
import { waitEvidence } from "./waitEvidence.ts";
import { isWorthIt, locationOf, partOfWhole } from "./worth.ts";

export function blockingCalls(report: Report): readonly Finding[] {
  return report.hotspots
    .filter((spot) => spot.kind === "blocked" && isWorthIt(spot, report))
    .map((spot) => findingOf(spot, report));
}

function findingOf(spot: Hotspot, report: Report): Finding {
  const { callee, impactMicrosPerRequest, relativeError } = spot;
  return {
    id: "blocking-call",
    claim: "C6",
    category: "locks",
    score: partOfWhole(spot, report),
    title: t("{0} blocks the event loop for {1} a request.", callee, formatTime(impactMicrosPerRequest)),
    evidence: t("{0} Nothing else runs on this thread meanwhile.", waitEvidence(spot, report)),
    advice: t(
      "{0} Saves others up to {1} of waiting.",
      remedyOf(callee),
      formatImpact(impactMicrosPerRequest, relativeError),
    ),
    locations: [locationOf(spot)],
  };
}

function remedyOf(callee: string): string {
  const asynchronous = callee.replace(/Sync(?=$|\.)/, "");
  if (/^(?:Database|Statement)Sync\b/.test(callee)) return t("Ask the database in a worker thread.");
  if (asynchronous === callee || callee === "child_process.spawnSync")
    return t("Use its asynchronous form, or do it in a worker thread.");
  const once = /^fs\.(?:exists|readFile|readdir|stat|lstat|realpath|access)Sync/.test(callee);
  return once
    ? t("Do it once and keep the result, or use {0}.", asynchronous)
    : t("Use {0}, which works in another thread or process.", asynchronous);
}
