// Model, claim C6: an event loop serves many requests only while it does not stand still. A synchronous call stops it, for
// all of them.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatImpact, formatTime } from "../format.ts";
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
    title: `${callee} blocks the event loop for ${formatTime(impactMicrosPerRequest)} a request.`,
    evidence: `${waitEvidence(spot, report)} Nothing else runs on this thread meanwhile.`,
    advice: `${remedyOf(callee)} Saves others up to ${formatImpact(impactMicrosPerRequest, relativeError)} of waiting.`,
    locations: [locationOf(spot)],
  };
}

function remedyOf(callee: string): string {
  const asynchronous = callee.replace(/Sync(?=$|\.)/, "");
  if (/^(?:Database|Statement)Sync\b/.test(callee)) return "Ask the database in a worker thread.";
  if (asynchronous === callee || callee === "child_process.spawnSync")
    return "Use its asynchronous form, or do it in a worker thread.";
  const once = /^fs\.(?:exists|readFile|readdir|stat|lstat|realpath|access)Sync/.test(callee);
  return once
    ? `Do it once and keep the result, or use ${asynchronous}.`
    : `Use ${asynchronous}, which works in another thread or process.`;
}
