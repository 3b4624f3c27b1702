// Model, claim D3: a line that serialises a value to parse the same text at once: a copy by way of JSON.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatBytes, formatImpact } from "../format.ts";
import { t } from "../l10n.ts";
import { isWorthIt, locationOf, partOfWhole, savingOf } from "./worth.ts";

/** Two estimates of one amount differ by less, even where nothing is said of their errors. */
const LEAST_TOLERANCE = 0.1;

export function jsonClones(report: Report): readonly Finding[] {
  const parsed = report.hotspots.filter(({ callee }) => callee === "JSON.parse");
  return report.hotspots.flatMap((made): Finding[] => {
    if (made.callee !== "JSON.stringify") return [];
    const read = parsed.find((spot) => isSameText(made, spot));
    if (read === undefined || !(isWorthIt(made, report) || isWorthIt(read, report))) return [];
    const saving = (savingOf(made, report) ?? 0) + (savingOf(read, report) ?? 0);
    const most = report.processorMicrosPerRequest ?? saving;
    return [
      {
        id: "json-clone",
        claim: "D3",
        category: made.category,
        score: Math.min(1, partOfWhole(made, report) + partOfWhole(read, report)),
        title: t("Clone less of this."),
        evidence: t(
          "A value becomes {0} of JSON a request here, and a value again.",
          formatBytes(made.perRequest),
        ),
        advice: t(
          "{0} Saves up to {1} of processor time.",
          t("Copy the parts that change and share the rest."),
          formatImpact(Math.min(saving, most)),
        ),
        locations: [locationOf(made)],
      },
    ];
  });
}

/** As many characters on one line: a text that goes out and another that comes in have the same length by chance alone. */
function isSameText(made: Hotspot, read: Hotspot): boolean {
  if (made.file === "" || made.file !== read.file || made.line !== read.line) return false;
  const errors = Math.hypot(made.relativeError ?? 0, read.relativeError ?? 0);
  const most = Math.max(made.amount, read.amount);
  return Math.abs(made.amount - read.amount) <= Math.max(LEAST_TOLERANCE, errors) * most;
}
