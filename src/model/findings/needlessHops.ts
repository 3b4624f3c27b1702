// Model, claim C11: queue within stages, not between them. An immediate that runs in a turn of the loop that brought nothing
// else has put its work off for nothing.

import type { HopSite } from "../../protocol/loops.ts";
import type { Finding, Report } from "../../protocol/report.ts";
import { formatImpact, formatNumber, formatShare, isUncertain } from "../format.ts";
import { t } from "../l10n.ts";
import { locationOf, WORTH_CHANGING } from "./worth.ts";

/** Of all immediates: most ran in a turn that had nothing else. */
const MOSTLY = 0.5;

export function needlessHops(report: Report): readonly Finding[] {
  const { hops, processorMicrosPerRequest: whole } = report;
  const alone = hops?.alone ?? null;
  if (hops === null || hops === undefined || alone === null || alone < MOSTLY) return [];
  if (whole === null || whole <= 0) return [];
  const part = ({ impactMicrosPerRequest }: HopSite) =>
    Math.min(1, ((impactMicrosPerRequest ?? 0) * alone) / whole);
  return hops.sites
    .filter((site) => site.file !== "" && !isUncertain(site) && part(site) >= WORTH_CHANGING)
    .map((site) => ({
      id: "needless-hop",
      claim: "C11",
      category: "switches" as const,
      score: part(site),
      title: t("{0} puts work off {1} times a request.", site.callee, formatNumber(site.perRequest)),
      evidence: t(
        "In at least {0} of such turns of the loop no event had come: there was nothing to let in before. Each turn costs {1}.",
        formatShare(alone),
        formatImpact((site.impactMicrosPerRequest ?? 0) / (site.perRequest ?? 1)),
      ),
      advice: t(
        "Go on at once, or put off only what takes long. Saves up to {0} of processor time.",
        formatImpact((site.impactMicrosPerRequest ?? 0) * alone, site.relativeError),
      ),
      locations: [locationOf(site)],
    }));
}
