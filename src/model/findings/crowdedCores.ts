// Model, claims C2 and C4: more threads that want to run than processors. Ready threads then wait for one.

import type { Finding, Report } from "../../protocol/report.ts";
import { formatCores, formatCount, formatNumber, formatShare, formatTime } from "../format.ts";

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
  const threads = `${formatCount(peers)} ${peers === 1 ? "worker" : "workers"}`;
  const processors = formatCores(cores);
  const runnable = runnableThreads === null ? "" : `, ${formatNumber(runnableThreads)} threads ready to run`;
  return [
    {
      id: "crowded-cores",
      claim: many ? "C4" : CROWDED_BY_OTHERS,
      category: "switches",
      score: Math.min(1, delayed),
      title: many
        ? `Run at most ${formatCount(most)} ${most === 1 ? "worker" : "workers"} here.`
        : "These loops wait for a processor.",
      evidence: `${threads} on ${processors}, ${formatNumber(active)} loops busy on average${runnable}: ready loops wait ${formatShare(delayed)} of the time for a processor, ${formatNumber(involuntary)} involuntary switches a request.`,
      advice: many
        ? `Fewer active threads than processors wait for none. Saves up to ${each} a request of waiting.`
        : `Other threads or programs use the processors too (a load generator on the same machine does). Up to ${each} a request is waiting for them.`,
      locations: [],
    },
  ];
}
