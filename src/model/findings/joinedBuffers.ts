// Model, claim D4: pieces joined into one buffer are copied once more; joined again and again, many times.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatBytes, formatImpact, formatNumber } from "../format.ts";
import { t } from "../l10n.ts";
import { isWorthIt, locationOf, partOfWhole, savingOf } from "./worth.ts";

/** Joins a request from which on one line probably joins what it joined before. */
const REPEATED = 3;

export function joinedBuffers(report: Report): readonly Finding[] {
  return report.hotspots
    .filter((spot) => spot.kind === "concat" && isWorthIt(spot, report))
    .map((spot) => findingOf(spot, report));
}

function findingOf(spot: Hotspot, report: Report): Finding {
  const { total } = report.requests;
  const joins = total > 0 ? spot.count / total : 0;
  const repeated = joins >= REPEATED;
  const remedy = repeated
    ? t(
        "Keep the pieces in a list and join them once at the end, or pass them on one by one (stream, writev).",
      )
    : t("Pass the pieces on one by one (stream, writev) where the receiver takes them.");
  return {
    id: "joined-buffers",
    claim: "D4",
    category: spot.category,
    score: partOfWhole(spot, report),
    title: repeated ? t("Join these pieces once.") : t("Do not join these pieces."),
    evidence: t("{0} joins a request, {1} copied.", formatNumber(joins), formatBytes(spot.perRequest)),
    advice: t(
      "{0} Saves up to {1} of processor time.",
      remedy,
      formatImpact(savingOf(spot, report), spot.relativeError),
    ),
    locations: [locationOf(spot)],
  };
}
