// Sessions: what the tree shows of a recording. Pure.

import { formatImpact, formatNumber, formatShare, isWaiting } from "../model/format.ts";
import type { Hotspot, Report, WorkerReport } from "../protocol/report.ts";

const HOTSPOTS = 10;

export interface SessionSummary {
  readonly command: string;
  readonly startedAt: string;
  readonly requests: number;
  /** `1,354 req/s`. */
  readonly rate: string;
  readonly workers: readonly SummaryLine[];
  readonly hotspots: readonly (SummaryLine & { readonly hotspot: Hotspot })[];
}
export interface SummaryLine {
  readonly label: string;
  readonly description: string;
}

export function summaryOf(report: Report): SessionSummary {
  return {
    command: report.command.join(" "),
    startedAt: report.startedAt,
    requests: report.requests.total,
    rate: `${formatNumber(report.requests.perSecond)} req/s`,
    workers: report.workers.map((worker) => workerLine(worker, report)),
    hotspots: report.hotspots
      .filter(({ file }) => file !== "")
      .slice(0, HOTSPOTS)
      .map((hotspot) => ({ ...hotspotLine(hotspot), hotspot })),
  };
}

function workerLine(worker: WorkerReport, { durationMs }: Report): SummaryLine {
  const seconds = durationMs / 1_000;
  const rate = seconds > 0 ? `${formatNumber(worker.requests / seconds)} req/s, ` : "";
  const name = worker.role === "peer" ? `Worker ${worker.id}` : `Worker ${worker.id}, ${worker.role}`;
  return {
    label: name,
    description: `${rate}loop ${formatShare(worker.loopUtilization)} busy, pid ${worker.pid}`,
  };
}

/** `readBody → Buffer.from`, `47 µs/req, body.js:10`. */
function hotspotLine(spot: Hotspot): SummaryLine {
  const callee = spot.callee === "" ? "" : ` → ${spot.callee}`;
  const file = spot.file.split(/[\\/]/).at(-1) ?? spot.file;
  const waiting = isWaiting(spot.category) ? " waiting" : "";
  return {
    label: `${spot.function}${callee}`,
    description: `${formatImpact(spot.impactMicrosPerRequest, spot.relativeError)}${waiting}, ${file}:${spot.line}`,
  };
}
