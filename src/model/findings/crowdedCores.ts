// Model, claims C2 and C4: more threads that want to run than processors. Ready threads then wait for one.

import type { Finding, Report } from "../../protocol/report.ts";
import { formatCores, formatCount, formatNumber, formatShare, formatTime } from "../format.ts";
import { t } from "../l10n.ts";

/** Run-queue delay over wall time, mean of the threads, from which on it is worth saying. */
const CROWDED = 0.05;
/** The claim where the crowd is not of the workers' making. */
export const CROWDED_BY_OTHERS = "C2";

export function crowdedCores(report: Report): readonly Finding[] {
  const { workers, availableCores: cores, runnableThreads, requests, durationMs } = report;
  const told = workers.filter((worker) => worker.runQueueMs !== null);
  if (told.length === 0 || durationMs <= 0 || requests.total === 0 || cores <= 0) return [];
  const delayMs = told.reduce((sum, worker) => sum + (worker.runQueueMs ?? 0), 0);
  const delayed = delayMs / (durationMs * told.length);
  if (delayed < CROWDED) return [];
  const active = workers.reduce((sum, worker) => sum + worker.loopUtilization, 0);
  const peers = new Set(workers.filter(({ role }) => role === "peer").map(({ id }) => id)).size;
  const many = peers > cores;
  const most = Math.max(1, Math.floor(cores));
  const involuntary = told.reduce((sum, worker) => sum + (worker.involuntary ?? 0), 0) / requests.total;
  const each = formatTime((delayMs * 1000) / requests.total);
  const threads = peers === 1 ? t("1 worker") : t("{0} workers", formatCount(peers));
  const processors = formatCores(cores);
  const runnable =
    runnableThreads === null ? "" : t(", {0} threads ready to run", formatNumber(runnableThreads));
  return [
    {
      id: "crowded-cores",
      claim: many ? "C4" : CROWDED_BY_OTHERS,
      category: "switches",
      score: Math.min(1, delayed),
      title: many
        ? most === 1
          ? t("Run at most 1 worker here.")
          : t("Run at most {0} workers here.", formatCount(most))
        : t("These loops wait for a processor."),
      evidence: t(
        "{0} on {1}, {2} loops busy on average{3}: ready loops wait {4} of the time for a processor, {5} involuntary switches a request.",
        threads,
        processors,
        formatNumber(active),
        runnable,
        formatShare(delayed),
        formatNumber(involuntary),
      ),
      advice: many
        ? t("Fewer active threads than processors wait for none. Saves up to {0} a request of waiting.", each)
        : t(
            "Other threads or programs use the processors too (a load generator on the same machine does). Up to {0} a request is waiting for them.",
            each,
          ),
      locations: [],
    },
  ];
}
