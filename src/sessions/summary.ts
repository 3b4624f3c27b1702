// Sessions: what the tree shows of a recording. Pure.

import { formatCount, formatImpact, formatNumber, formatShare, isWaiting } from "../model/format.ts";
import { numberLocale, t } from "../model/l10n.ts";
import type { Hotspot, Report, WorkerReport } from "../protocol/report.ts";

const HOTSPOTS = 10;

export interface SessionSummary {
  readonly command: string;
  readonly startedAt: string;
  /** Where the server ran. */
  readonly cwd: string;
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

export function summaryOf(report: Report, cwd: string): SessionSummary {
  return {
    cwd,
    command: report.command.join(" "),
    startedAt: report.startedAt,
    requests: report.requests.total,
    rate: t("{0} req/s", formatNumber(report.requests.perSecond)),
    workers: report.workers.map((worker) => workerLine(worker, report)),
    hotspots: report.hotspots
      .filter(({ file }) => file !== "")
      .slice(0, HOTSPOTS)
      .map((hotspot) => ({ ...hotspotLine(hotspot), hotspot })),
  };
}

/** What tells it from others: `904 req/s, 26 Nov, 13:41`, in the reader's time zone. */
export function sessionWords({ rate, startedAt }: SessionSummary): string {
  const started = new Date(startedAt);
  if (Number.isNaN(started.getTime())) return rate;
  const when = started.toLocaleString(numberLocale(), {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return `${rate}, ${when}`;
}

/** `node server.js`, and of how many requests its figures are. */
export function sessionDetails({ command, requests }: SessionSummary): string[] {
  const counted = requests === 1 ? t("1 request") : t("{0} requests", formatCount(requests));
  return [command, counted];
}

function workerLine(worker: WorkerReport, { durationMs }: Report): SummaryLine {
  const seconds = durationMs / 1_000;
  const rate = seconds > 0 ? `${t("{0} req/s", formatNumber(worker.requests / seconds))}, ` : "";
  const name =
    worker.port !== undefined
      ? t("Server on port {0}", worker.port)
      : worker.role === "peer"
        ? t("Worker {0}", worker.id)
        : `${t("Worker {0}", worker.id)}, ${worker.role}`;
  return {
    label: name,
    description: rate + t("loop {0} busy, pid {1}", formatShare(worker.loopUtilization), worker.pid),
  };
}

/** `readBody → Buffer.from`, `47 µs/req, body.js:10`. */
function hotspotLine(spot: Hotspot): SummaryLine {
  const callee = spot.callee === "" ? "" : ` → ${spot.callee}`;
  const file = spot.file.split(/[\\/]/).at(-1) ?? spot.file;
  const impact = formatImpact(spot.impactMicrosPerRequest, spot.relativeError);
  const words = isWaiting(spot.category) ? t("{0} waiting", impact) : impact;
  return {
    label: `${spot.function}${callee}`,
    description: `${words}, ${file}:${spot.line}`,
  };
}
