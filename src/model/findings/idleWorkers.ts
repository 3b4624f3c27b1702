// Model, claim C9: symmetric workers part the work among them. Where one of them gets nearly nothing, the figures are
// of fewer workers than they seem to be.

import type { Finding, Report } from "../../protocol/report.ts";
import { isOfServer } from "../../protocol/serverWorkers.ts";
import { formatCount } from "../format.ts";
import { t } from "../l10n.ts";

/** Requests from which on their spread is no accident. */
const ENOUGH = 100;
/** Of what it would serve if all served the same. */
const NEARLY_NOTHING = 0.1;

export function idleWorkers(report: Report): readonly Finding[] {
  const { topology, workers } = report;
  // Who answers in a cluster of the server's own is not up to us.
  if (topology === "single") return [];
  const served = new Map<number, number>();
  for (const { id, requests } of workers.filter(isOfServer)) served.set(id, (served.get(id) ?? 0) + requests);
  const total = [...served.values()].reduce((sum, requests) => sum + requests, 0);
  const least = (total / served.size) * NEARLY_NOTHING;
  const idle = [...served.values()].filter((requests) => requests < least).length;
  if (total < ENOUGH || idle === 0) return [];
  const busy = served.size - idle;
  return [
    {
      id: "idle-workers",
      claim: "C9",
      category: null,
      score: idle / served.size,
      title: t("{0} of {1} workers served nearly all requests.", formatCount(busy), formatCount(served.size)),
      evidence: t(
        "{0} requests.",
        [...served].map(([id, requests]) => t("worker {0}: {1}", id, formatCount(requests))).join(", "),
      ),
      advice: `${busy === 1 ? t("These figures describe one worker.") : t("These figures describe {0} workers.", formatCount(busy))} ${remedyOf(report)}`,
      locations: [],
    },
  ];
}

function remedyOf({ topology, platform }: Report): string {
  const parted =
    topology === "handle" && platform === "linux"
      ? t("run Node 22.12 or later, where the kernel parts them (reusePort), ")
      : "";
  return t("Let more connections come in, {0}or record with --workers 1.", parted);
}
