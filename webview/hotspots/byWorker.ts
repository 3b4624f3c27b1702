// Panel, hotspots: the part of each site that is one worker's, a request of that worker. Pure.

import { t } from "../../src/model/l10n.ts";
import type { Hotspot, Report, WorkerReport } from "../../src/protocol/report.ts";

export function workerName({ id, role, threadId, port }: WorkerReport): string {
  return port !== undefined
    ? t("server on port {0}", port)
    : role === "peer"
      ? t("worker {0}", id)
      : role === "thread"
        ? t("worker {0}, thread {1}", id, threadId)
        : t("worker {0}, child", id);
}

/** Names of the workers that took requests: a site's part of others is of no request. */
export function workersOf({ workers }: Pick<Report, "workers">): string[] {
  return [...new Set(workers.filter(({ requests }) => requests > 0).map(workerName))];
}

/** Sites that the worker has a part in; a successor under the same name counts with it. */
export function ofWorker(hotspots: readonly Hotspot[], report: Report, name: string): Hotspot[] {
  const at = report.workers.flatMap((worker, index) => (workerName(worker) === name ? [index] : []));
  const requests = at.reduce((sum, index) => sum + (report.workers[index]?.requests ?? 0), 0);
  const part = ({ byWorker }: Hotspot): number => {
    const all = byWorker.reduce((sum, amount) => sum + amount, 0);
    return all > 0 ? at.reduce((sum, index) => sum + (byWorker[index] ?? 0), 0) / all : 0;
  };
  const totals = new Map<string, number>();
  for (const hotspot of hotspots)
    totals.set(hotspot.category, (totals.get(hotspot.category) ?? 0) + hotspot.amount * part(hotspot));
  return hotspots.flatMap((hotspot) => {
    const own = part(hotspot);
    if (own <= 0) return [];
    const each = (value: number | null) =>
      value === null || requests <= 0 ? null : (value * own * report.requests.total) / requests;
    const amount = hotspot.amount * own;
    return [
      {
        ...hotspot,
        amount,
        count: hotspot.count * own,
        perRequest: each(hotspot.perRequest),
        impactMicrosPerRequest: each(hotspot.impactMicrosPerRequest),
        share: amount / (totals.get(hotspot.category) || amount),
        samples: Math.round(hotspot.samples * own),
        // Of fewer samples: the error grows with the root of how many fewer.
        relativeError: hotspot.relativeError === null ? null : hotspot.relativeError / Math.sqrt(own),
      },
    ];
  });
}
