// Model, claims C10 and L1: jobs that wait because all threads of libuv's pool have one, and whose jobs these are.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { formatImpact, formatNumber, formatShare, formatTime } from "../format.ts";
import { said, t } from "../l10n.ts";
import { waitEvidence } from "./waitEvidence.ts";
import { isWorthIt, locationOf, partOfWhole } from "./worth.ts";

/** Checks from which on their mean says something. */
const ENOUGH_CHECKS = 5;
/** Of what our own job waited, and microseconds, that no job that was seen accounts for. */
const UNSEEN_SHARE = 0.5;
const UNSEEN_MICROS = 1_000;

/** Waits in other pools are measured at the pool itself. */
export function isThreadPoolWait({ kind, basis }: Pick<Hotspot, "kind" | "basis">): boolean {
  return kind === "pool wait" && basis === "inferred";
}

export function threadPool(report: Report): readonly Finding[] {
  const waits = report.hotspots.filter((spot) => isThreadPoolWait(spot) && isWorthIt(spot, report));
  return [...waits.map((spot) => waitOf(spot, report)), ...unseen(report)];
}

function waitOf(spot: Hotspot, report: Report): Finding {
  const { holder, impactMicrosPerRequest, relativeError } = spot;
  const pool = report.threadPool;
  const busy =
    pool === null
      ? ""
      : t(
          " All {0} threads of the pool were busy with others waiting {1} of the time.",
          pool.size,
          formatShare(pool.saturated),
        );
  return {
    id: "thread-pool",
    claim: "C10",
    category: "locks",
    score: partOfWhole(spot, report),
    title: t("This waits for a thread of libuv's pool."),
    evidence: `${waitEvidence(spot, report)}${busy}`,
    advice: t(
      holder === null
        ? said(
            "Hand in fewer or smaller jobs at a time, or set UV_THREADPOOL_SIZE above {0} if the processors are not all busy. Saves up to {1} of waiting.",
          )
        : said(
            "Hand in fewer or smaller jobs at a time where the pool is filled, or set UV_THREADPOOL_SIZE above {0} if the processors are not all busy. Saves up to {1} of waiting.",
          ),
      pool?.size ?? 4,
      formatImpact(impactMicrosPerRequest, relativeError),
    ),
    locations: holder === null ? [locationOf(spot)] : [locationOf(spot), locationOf(holder)],
  };
}

function unseen({ threadPool: pool }: Report): readonly Finding[] {
  if (pool === null || pool.checks < ENOUGH_CHECKS) return [];
  const { checkedWaitMicros, modelledWaitMicros } = pool;
  if (checkedWaitMicros === null || modelledWaitMicros === null) return [];
  const excess = checkedWaitMicros - modelledWaitMicros;
  if (excess < UNSEEN_MICROS || excess < UNSEEN_SHARE * checkedWaitMicros) return [];
  return [
    {
      id: "unseen-pool-jobs",
      claim: "C10",
      category: null,
      score: 0.5,
      title: t("Jobs that Darcy does not see fill libuv's thread pool."),
      evidence: t(
        "{0} small jobs of Darcy's own waited {1} each, where the jobs that it sees account for {2}.",
        formatNumber(pool.checks),
        formatTime(checkedWaitMicros),
        formatTime(modelledWaitMicros),
      ),
      advice: t(
        "Waits for the pool are longer than shown. Look at native add-ons, WebCrypto and worker threads, which use it too.",
      ),
      locations: [],
    },
  ];
}
