// Model, claim D9: the same data gets copied again and again: bytes copied over bytes that came in and went out.

import type { Finding, Report } from "../../protocol/report.ts";
import type { RouteReport } from "../../protocol/requests.ts";
import { formatBytes, formatImpact, formatNumber } from "../format.ts";
import { movedBytes } from "../io.ts";
import { t } from "../l10n.ts";
import { isWorthIt, locationOf, WORTH_CHANGING } from "./worth.ts";

/** Read, decode, encode, write: what most servers can't do without. */
const USUAL = 4;
const LEAST_REQUESTS = 100;
const LINES = 3;

export function copyAmplification(report: Report): readonly Finding[] {
  const { io, totals, requests, processorMicrosPerRequest: whole } = report;
  const times = io?.copyAmplification ?? null;
  const impact = totals.copies.impactMicrosPerRequest;
  if (io === null || times === null || impact === null || whole === null || whole <= 0) return [];
  const score = Math.min(1, impact / whole);
  if (times < USUAL || score < WORTH_CHANGING || requests.total < LEAST_REQUESTS) return [];
  const lines = report.hotspots.filter((spot) => spot.category === "copies" && isWorthIt(spot, report));
  const moved = movedBytes(io) / requests.total;
  return [
    {
      id: "copy-amplification",
      claim: "D9",
      category: "copies",
      score,
      title: t("Each byte is copied {0} times on its way.", formatNumber(times)),
      evidence: t(
        "{0} copied a request, {1} came in and went out (network and files).{2}",
        formatBytes(totals.copies.perRequest),
        formatBytes(moved),
        worstRoute(requests.routes, times),
      ),
      advice: t(
        "Keep data in one form from where it comes to where it goes, and pass views of it on. Without the copies beyond the first: up to {0} of processor time.",
        formatImpact(Math.min(impact, whole) * (1 - 1 / times), null),
      ),
      locations: lines.slice(0, LINES).map(locationOf),
    },
  ];
}

/** The one that copies most in all, where it does worse than the rest. */
function worstRoute(routes: readonly RouteReport[], mean: number): string {
  const weight = ({ costs, count }: RouteReport) => (costs.copies?.perRequest ?? 0) * count;
  const [worst] = [...routes].sort((a, b) => weight(b) - weight(a));
  const times = worst?.copyAmplification ?? null;
  return worst === undefined || times === null || times <= mean || routes.length < 2
    ? ""
    : t(" {0} times on {1} {2}.", formatNumber(times), worst.method, worst.route);
}
