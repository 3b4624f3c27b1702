// Model, comparison: what two recordings together say that neither says alone: D7 and L2 of Darcy's claims.

import { isContention } from "../../protocol/categories.ts";
import type { Comparison, HotspotChange } from "../../protocol/comparison.ts";
import type { Finding, Hotspot, Location } from "../../protocol/report.ts";
import { formatBytes, formatImpact, formatNumber, formatShare } from "../format.ts";
import { t } from "../l10n.ts";

type Compared = Omit<Comparison, "findings">;

export function comparisonFindings(compared: Compared): Finding[] {
  return [...tradedCopy(compared), ...splitLock(compared)].sort((a, b) => b.score - a.score);
}

const MOST_LOCATIONS = 5;

/** D7: never trade a copy for a switch. */
function tradedCopy({ totals, hotspots, loadDiffers, processorMicros }: Compared): Finding[] {
  const { copies, switches } = totals;
  if (copies.perRequest.verdict !== "less") return [];
  const handOffs = switches.events.verdict === "more";
  // The kernel's depend on the load.
  const kernel = switches.perRequest.verdict === "more" && !loadDiffers;
  if (!handOffs && !kernel) return [];
  const of = handOffs ? switches.events : switches.perRequest;
  const name = handOffs ? t("hand-offs") : t("context switches");
  const saved = -(copies.impactMicros.difference ?? 0);
  const sites = hotspots.filter(({ category, verdict }) => category === "switches" && verdict === "more");
  const priced = sites.map(({ impactMicros }) => impactMicros.difference).filter((cost) => cost !== null);
  const cost = kernel
    ? (switches.impactMicros.difference ?? 0)
    : priced.reduce((sum, micros) => sum + Math.max(0, micros), 0);
  const prices =
    saved > 0 && cost > 0
      ? t(
          " At this machine's prices that is {0} less and {1} more processor time.",
          formatImpact(saved),
          formatImpact(cost),
        )
      : "";
  const pays = saved > cost && processorMicros.verdict !== "more";
  return [
    {
      id: "copy-for-switch",
      claim: "D7",
      category: "switches",
      score: shareOf(Math.max(cost, saved), processorMicros.after),
      title: handOffs ? t("A copy was traded for a hand-off.") : t("A copy was traded for a context switch."),
      evidence: t(
        "Copies fell from {0} to {1} a request, {2} rose from {3} to {4}.{5}",
        formatBytes(copies.perRequest.before),
        formatBytes(copies.perRequest.after),
        name,
        formatNumber(of.before),
        formatNumber(of.after),
        prices,
      ),
      advice: pays
        ? t(
            "Here the copies cost more than what came for them. Look again when the load changes: switches wait for a processor, copies do not.",
          )
        : t("Do the work on the request's own thread and take the copy back: it is the lesser cost here."),
      locations: sites
        .flatMap(({ after }) => (after === null ? [] : [locationOf(after)]))
        .slice(0, MOST_LOCATIONS),
    },
  ];
}

/** Waits that fall by less than this hardly fall. */
const HARDLY = 0.2;

/** L2: splitting one big lock step by step disappoints: more locks, waits hardly down. */
function splitLock({ totals, hotspots, processorMicros, loadDiffers }: Compared): Finding[] {
  const [before, after] = [locksOf(hotspots, "before"), locksOf(hotspots, "after")];
  const more = after.sites.length - before.sites.length;
  if (before.sites.length === 0 || (more <= 0 && after.keys <= before.keys)) return [];
  const waits = totals.locks.impactMicros;
  if (waits.before === null || waits.after === null || waits.difference === null || waits.before <= 0)
    return [];
  const fell = -waits.difference / waits.before;
  const dearer = processorMicros.verdict === "more" ? (processorMicros.difference ?? 0) : 0;
  const saved = Math.max(0, -waits.difference);
  const paysMore = dearer > saved;
  // More load makes more waits by itself.
  if ((fell >= HARDLY && !paysMore) || (loadDiffers && !paysMore && fell < 0)) return [];
  const counts =
    more > 0
      ? before.sites.length === 1
        ? t("1 waiting line became {0}", after.sites.length)
        : t("{0} waiting lines became {1}", before.sites.length, after.sites.length)
      : t("{0} keys became {1}", before.keys, after.keys);
  const change =
    fell > 0
      ? t("waiting fell by {0} ({1})", formatImpact(saved), formatShare(fell))
      : t("waiting did not fall");
  const price = dearer > 0 ? t(", and processor time rose by {0}", formatImpact(dearer)) : "";
  return [
    {
      id: "lock-split",
      claim: "L2",
      category: "locks",
      score: shareOf(waits.after, totals.locks.impactMicros.before),
      title: paysMore
        ? t("A lock was split and costs more than it saves.")
        : t("A lock was split, and waits hardly fell."),
      evidence: `${counts}; ${change}${price}.`,
      advice: t(
        "Divide by the data instead of the code: one lock for each id or hash of what it guards, or hold the one lock for less.",
      ),
      locations: after.sites.map(locationOf).slice(0, MOST_LOCATIONS),
    },
  ];
}

/** Lines that wait for a lock of the server's; the event loop is none that could be split. */
function locksOf(
  changes: readonly HotspotChange[],
  side: "before" | "after",
): { readonly sites: readonly Hotspot[]; readonly keys: number } {
  const sites = changes.flatMap((change) => {
    const spot = change[side];
    const isLock = spot !== null && spot.category === "locks" && isContention(spot.basis);
    return isLock && spot.kind !== "loop wait" && spot.file !== "" ? [spot] : [];
  });
  return { sites, keys: new Set(sites.flatMap(({ keys }) => keys.map(({ key }) => key))).size };
}

function shareOf(part: number, whole: number | null): number {
  return whole === null || whole <= 0 ? 0 : Math.min(1, part / whole);
}

function locationOf({ file, line, column, function: name }: Location): Location {
  return { file, line, column, function: name };
}
