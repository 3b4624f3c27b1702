// Panel, workers: is the load even? A row each, under their balance; below, all threads by class.

import { fixed, formatCount, formatNumber, UNKNOWN } from "../src/model/format.ts";
import { formatWakes } from "../src/model/formatThreads.ts";
import { t } from "../src/model/l10n.ts";
import type { Report, WorkerReport } from "../src/protocol/report.ts";
import { element, FigureView, KeyedChildren, setAttribute, setHidden, setStyle, setText } from "./element.ts";
import { fineShare, impact, shareFigure, split } from "./figures.ts";
import type { Part } from "./part.ts";
import type { Model } from "./state.ts";
import { makeThreads } from "./threads.ts";
import { systemName } from "./words.ts";

const COLUMNS = [
  ["rate", t("req/s"), ""],
  ["connections", t("Connections"), ""],
  ["busy", t("Loop busy"), t("Share of time that the event loop works")],
  ["switches", t("Switches/req"), t("Voluntary and involuntary kernel switches of the thread")],
  [
    "involuntary",
    t("Involuntary"),
    t("Involuntary switches a request: the thread was pushed off its processor"),
  ],
  ["delay", t("Run-queue delay"), t("Ready to run but without a processor, a request")],
  ["gc", "GC", t("Share of time in garbage collection")],
] as const;

export function makeWorkers(): Part {
  const topology = element("span", "muted");
  const head = element("tr", "", [
    element("th", "worker-name", [element("h2", "section-name", [t("Workers")]), topology], { scope: "col" }),
    ...COLUMNS.map(([name, text, title]) =>
      element("th", `worker-${name}`, [text], title === "" ? { scope: "col" } : { scope: "col", title }),
    ),
  ]);
  const body = element("tbody");
  const threads = makeThreads();
  const table = element("table", "worker-table", [element("thead", "", [head]), body, ...threads.bodies]);
  const root = element("section", "workers", [table], { "aria-label": t("Workers") });
  const rows = new KeyedChildren<Row, WorkerView>(body, makeWorker, (view, row) => view.show(row));
  return {
    root,
    glances: true,
    show({ panel }: Model) {
      const report = panel?.report ?? null;
      setHidden(root, report === null || report.workers.length === 0);
      if (report === null) return;
      setText(
        topology,
        report.balance === null || report.requests.total === 0
          ? report.topology
          : t("{0}, balance CV {1}", report.topology, fixed(report.balance, 2)),
      );
      topology.title = t("Coefficient of variation of the workers' requests: 0 is even");
      const shown = report.workers.map((worker, at): [string, Row] => {
        const perSecond = panel?.newest?.workersPerSecond[at] ?? null;
        return [`${worker.pid}/${worker.threadId}`, { worker, report, perSecond }];
      });
      rows.show(shown.sort(([, { worker: a }], [, { worker: b }]) => compareRows(a, b)));
      threads.show(report);
    },
  };
}

/** By number, not as they happened to come; another server's processes last. */
function compareRows(a: WorkerReport, b: WorkerReport): number {
  return (a.port ?? 0) - (b.port ?? 0) || a.id - b.id;
}

interface Row {
  readonly worker: WorkerReport;
  readonly report: Report;
  /** Newer than the report; null: nothing is. */
  readonly perSecond: number | null;
}
interface WorkerView {
  readonly root: HTMLElement;
  show(row: Row): void;
}

function makeWorker(): WorkerView {
  const id = element("span");
  const who = element("span", "muted");
  const bar = element("span", "busy-part");
  const busy = new FigureView("busy-figure");
  const rate = element("td", "worker-rate");
  const connections = element("td", "worker-connections");
  const switches = element("td", "worker-switches");
  const involuntary = element("td", "worker-involuntary");
  const delay = new FigureView();
  const gc = new FigureView();
  const root = element("tr", "", [
    element("th", "worker-name", [id, " ", who], { scope: "row" }),
    rate,
    connections,
    element("td", "worker-busy", [element("span", "busy-bar", [bar], { "aria-hidden": "true" }), busy.root]),
    switches,
    involuntary,
    element("td", "worker-delay", [delay.root]),
    element("td", "worker-gc", [gc.root]),
  ]);
  return {
    root,
    show({ worker, report, perSecond }) {
      setText(id, worker.port === undefined ? `${worker.id}` : `:${worker.port}`);
      setText(
        who,
        worker.role === "thread"
          ? t("thread {0}, pid {1}", worker.threadId, worker.pid)
          : worker.role === "child"
            ? t("child, pid {0}", worker.pid)
            : t("pid {0}", worker.pid),
      );
      const seconds = report.durationMs / 1000;
      const served = report.requests.total > 0 && worker.requests > 0;
      setText(
        rate,
        worker.role !== "peer"
          ? UNKNOWN
          : formatNumber(perSecond ?? (seconds > 0 ? worker.requests / seconds : 0)),
      );
      setText(connections, worker.connections === null ? UNKNOWN : formatCount(worker.connections));
      setStyle(bar, "width", `${(100 * Math.min(1, worker.loopUtilization)).toFixed(1)}%`);
      const share = shareFigure(worker.loopUtilization);
      busy.show(share.figure, share.unit);
      const each = (value: number | null) => (value === null || !served ? null : value / worker.requests);
      const { voluntary, involuntary: pushedOff } = worker;
      const kernel = voluntary === null || pushedOff === null ? null : voluntary + pushedOff;
      setText(switches, formatNumber(each(kernel)));
      setText(involuntary, formatNumber(each(pushedOff)));
      const waited = each(worker.runQueueMs);
      delay.show(impact(waited === null ? null : waited * 1000), waited === null ? "" : " µs");
      const missing = (value: number | null) =>
        value === null ? t("not reported by {0}", systemName(report)) : null;
      setAttribute(switches, "title", missing(kernel) ?? wakesText(worker));
      setAttribute(involuntary, "title", missing(pushedOff));
      setAttribute(delay.root, "title", missing(worker.runQueueMs));
      const collected = split(
        fineShare(
          report.durationMs > 0 && report.requests.total > 0 ? worker.gcMs / report.durationMs : null,
        ),
      );
      gc.show(collected.figure, collected.unit);
    },
  };
}

/** Null where it is not known, and of a loop that has not slept. */
function wakesText({ wakes }: WorkerReport): string | null {
  if (wakes === null || wakes === undefined || wakes.count === 0) return null;
  return t("Woken {0} times a second: {1}", formatNumber(wakes.perSecond), formatWakes(wakes));
}
