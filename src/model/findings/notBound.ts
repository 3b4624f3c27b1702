// Model, claim G2: what is saved where the loops are mostly idle does not show in throughput.

import type { Finding, Report } from "../../protocol/report.ts";
import { formatShare } from "../format.ts";
import { t } from "../l10n.ts";

const BUSY = 0.3;

export function notBound(report: Report): readonly Finding[] {
  const peers = report.workers.filter((worker) => worker.role === "peer");
  if (peers.length === 0 || report.requests.total === 0) return [];
  const busy = peers.reduce((sum, peer) => sum + peer.loopUtilization, 0) / peers.length;
  if (busy >= BUSY) return [];
  return [
    {
      id: "not-bound",
      claim: "G2",
      category: null,
      score: 1,
      title: t("Not bound by processors here: loops {0} busy", formatShare(busy)),
      evidence: peers
        .map((peer) => t("worker {0}: {1}", peer.id, formatShare(peer.loopUtilization)))
        .join(", "),
      advice: t(
        "Savings will not show in throughput. Measure under more load before you change anything for speed.",
      ),
      locations: [],
    },
  ];
}
