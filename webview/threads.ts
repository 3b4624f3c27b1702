// Panel, workers' second part: the kernel's counts of all threads by class, and what wakes the loops. Rows of the workers'
// table, so that switches and delays stand under each other.

import { formatCount, formatNumber, UNKNOWN } from "../src/model/format.ts";
import { formatWakes, sumWakes, THREAD_CLASS_NAME } from "../src/model/formatThreads.ts";
import { t } from "../src/model/l10n.ts";
import type { Report, ThreadReport } from "../src/protocol/report.ts";
import { element, FigureView, KeyedChildren, setAttribute, setHidden, setText } from "./element.ts";
import { impact } from "./figures.ts";

const CLASS_TITLE: Readonly<Record<ThreadReport["class"], string>> = {
  loop: t("The main threads, with their event loops"),
  worker: t("Worker threads that the server has started"),
  pool: t("Libuv's threads, for files, look-ups, crypto and zlib"),
  v8: t("V8's own: they compile and collect"),
  other: t("Threads of add-ons, of the inspector and such"),
};
/** What each class does, where there is room for it. */
const CLASS_WORK: Readonly<Record<ThreadReport["class"], string>> = {
  loop: t("the server’s own code"),
  worker: t("started by the server"),
  pool: t("files, look-ups, crypto, zlib"),
  v8: t("compile and collect"),
  other: t("add-ons, inspector"),
};
const WAKES_TITLE = t(
  "Voluntary switches a second of the threads, and what let them go on, by counts of events (an estimate)",
);

export function makeThreads() {
  const classes = element("tbody", "thread-rows", [], { "aria-label": t("Threads by class") });
  const rows = new KeyedChildren<{ thread: ThreadReport; report: Report }, ThreadView>(
    classes,
    makeThread,
    (view, { thread, report }) => view.show(thread, report),
  );
  const loops = makeWakes(t("Loops woken"));
  const workers = makeWakes(t("Worker threads woken"));
  const wakes = element("tbody", "wake-rows", [loops.root, workers.root]);
  return {
    bodies: [classes, wakes],
    show(report: Report): void {
      setHidden(classes, report.threads.length === 0);
      rows.show(report.threads.map((thread) => [thread.class, { thread, report }]));
      loops.show(sumWakes(report.workers, "processes"));
      workers.show(sumWakes(report.workers, "threads"));
    },
  };
}

interface ThreadView {
  readonly root: HTMLElement;
  show(thread: ThreadReport, report: Report): void;
}

function makeThread(): ThreadView {
  const name = element("span", "muted");
  const head = element("th", "worker-name", [name], { scope: "row" });
  const switches = element("td", "worker-switches");
  const involuntary = element("td", "worker-involuntary");
  const delay = new FigureView();
  const work = element("td", "worker-busy thread-work");
  const blank = (className: string) => element("td", className);
  const root = element("tr", "", [
    head,
    blank("worker-rate"),
    blank("worker-connections"),
    work,
    switches,
    involuntary,
    element("td", "worker-delay", [delay.root]),
    blank("worker-gc"),
  ]);
  return {
    root,
    show(thread, { requests: { total } }) {
      const word = t(THREAD_CLASS_NAME[thread.class]);
      setText(name, thread.threads === 1 ? word : `${formatCount(thread.threads)} × ${word}`);
      setAttribute(head, "title", CLASS_TITLE[thread.class]);
      setText(work, CLASS_WORK[thread.class]);
      setAttribute(work, "title", CLASS_TITLE[thread.class]);
      const each = (amount: number) => (total > 0 ? formatNumber(amount / total) : UNKNOWN);
      setText(switches, each(thread.voluntary + thread.involuntary));
      setText(involuntary, each(thread.involuntary));
      delay.show(impact(total > 0 ? (thread.runQueueMs * 1000) / total : null), total > 0 ? " µs" : "");
    },
  };
}

function makeWakes(name: string) {
  const rate = new FigureView();
  const causes = element("span", "wake-causes");
  const cell = element("td", "", [rate.root, " ", causes], { colspan: "7" });
  const root = element(
    "tr",
    "",
    [element("th", "worker-name", [element("span", "muted", [name])], { scope: "row" }), cell],
    { title: WAKES_TITLE },
  );
  return {
    root,
    show(wakes: ReturnType<typeof sumWakes>): void {
      setHidden(root, wakes === null || wakes.count === 0);
      if (wakes === null) return;
      rate.show(formatNumber(wakes.perSecond), "/s");
      // Lines break between causes, not between a figure and its sign.
      const text = formatWakes(wakes).replaceAll("\u2009", "\u202f");
      setText(causes, text);
      setAttribute(causes, "title", text);
    },
  };
}
