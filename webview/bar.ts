// Panel, the bar: state, clock, scope, the server's own figures, and the controls.

import { formatCount, formatNumber } from "../src/model/format.ts";
import type { PanelPhase, PanelState } from "../src/protocol/panel.ts";
import { element, FigureView, setAttribute, setClass, setHidden, setText } from "./element.ts";
import { clock, shareFigure, timeFigure } from "./figures.ts";
import { post } from "./host.ts";
import { type IconName, icon } from "./icons.ts";
import { type Dispatch, isSettling, loopsBusy, measured, type Part, SETTLED_REQUESTS } from "./part.ts";
import { makeScope } from "./scope.ts";
import type { Model } from "./state.ts";

const PHASE_WORDS: Readonly<Record<PanelPhase, string>> = {
  idle: "Nothing recorded yet",
  calibrating: "Calibrating this machine",
  starting: "Starting the server",
  waiting: "Waiting for a request",
  recording: "Recording",
  stopping: "Stopping",
  stopped: "Stopped",
  readOnly: "Read-only",
  error: "Failed",
};

const LIVE: ReadonlySet<PanelPhase> = new Set(["starting", "waiting", "recording"]);

export function phaseText(panel: PanelState | null, paused: boolean): string {
  if (panel === null) return "";
  if (paused && panel.phase === "recording") return "Paused, still recording";
  if (panel.phase === "idle" && panel.error !== null) return "Ended";
  if (panel.phase === "starting" && panel.external === true) return "Waiting for a server";
  if (panel.phase === "readOnly") return `Read-only: ${panel.title}`;
  return PHASE_WORDS[panel.phase];
}

export function makeBar(dispatch: Dispatch): Part {
  const dot = element("span", "dot");
  const phase = element("span", "phase");
  const time = element("span", "clock");
  const scope = makeScope(dispatch);

  const rate = stat("req/s");
  const p50 = stat("", "p50");
  const p99 = stat("", "p99");
  const workersCount = element("span", "number");
  const workersWord = element("span");
  const busy = element("span", "number");
  const loops = element("span", "wide-only", [", loops ", busy, " busy"]);
  const workers = element("span", "stat workers-stat", [workersCount, " ", workersWord, loops]);
  const settling = element("span", "settling-mark");
  const stats = element("div", "stats", [rate.root, p50.root, p99.root, workers]);

  const stop = control("stop", "Stop", "Stop the recording and the server", true, () =>
    post({ type: "action", action: "stop" }),
  );
  let paused = false;
  const pause = control(
    "pause",
    "Pause view",
    "Hold the figures still; recording goes on (Space)",
    true,
    () => {
      dispatch({ type: "pause", paused: !paused });
    },
  );
  const again = control("profile", "Profile…", "Profile a Node server", true, () =>
    post({ type: "action", action: "profile" }),
  );
  const load = control("load", "Drive load", "Drive load against the server", false, () =>
    post({ type: "action", action: "driveLoad" }),
  );
  const save = control("save", "Save", "Save this recording to a file", false, () =>
    post({ type: "action", action: "save" }),
  );
  const compare = control("compare", "Compare…", "Compare with another recording", false, () =>
    post({ type: "action", action: "compare" }),
  );
  const exports = control("export", "Export…", "Export for other tools, a browser, a ticket", false, () =>
    post({ type: "action", action: "export" }),
  );
  const annotate = control(
    "open",
    "Show beside the code",
    "Show these figures beside the lines they are about",
    true,
    () => post({ type: "action", action: "showAnnotations" }),
  );
  const controls = element("div", "controls", [
    stop.root,
    pause.root,
    annotate.root,
    again.root,
    load.root,
    save.root,
    compare.root,
    exports.root,
  ]);

  const head = element("div", "state", [dot, phase, time, settling, scope.root]);
  const root = element("header", "bar", [head, stats, controls]);

  return {
    root,
    show(model: Model) {
      const { panel } = model;
      paused = model.paused;
      const now = panel?.phase ?? "idle";
      const report = measured(panel);
      setText(phase, phaseText(panel, paused));
      setAttribute(phase, "title", panel === null || panel.title === "" ? null : panel.title);
      setAttribute(dot, "data-phase", paused && now === "recording" ? "paused" : now);
      // The clock goes on while the view holds still, as the recording does.
      const elapsed = model.latest?.elapsedMs ?? 0;
      setText(time, elapsed > 0 ? clock(elapsed) : "");
      scope.show(model);

      setHidden(stats, panel === null || (report === null && now !== "waiting"));
      rate.view.show(formatNumber(report?.requests.perSecond ?? 0), " req/s");
      showLatency(p50, report?.requests.p50Micros ?? null, report !== null);
      showLatency(p99, report?.requests.p99Micros ?? null, report !== null);
      const peers = panel?.report?.workers.filter(({ role }) => role === "peer").length ?? 0;
      setHidden(workers, peers === 0);
      setText(workersCount, `${peers}`);
      const port = panel?.url == null ? "" : portOf(panel.url);
      setText(
        workersWord,
        `${peers === 1 ? "worker" : "workers"}${now === "waiting" ? ` ready${port === "" ? "" : ` on ${port}`}` : ""}`,
      );
      const share = report === null ? null : loopsBusy(report);
      setHidden(loops, share === null);
      const { figure, unit } = shareFigure(share);
      setText(busy, `${figure}${unit}`);
      const settles = isSettling(panel);
      setHidden(settling, !settles);
      setText(settling, "settling");
      setAttribute(
        settling,
        "title",
        `${formatCount(report?.requests.total ?? 0)} requests; figures settle after about ${formatCount(SETTLED_REQUESTS)}`,
      );

      setHidden(stop.root, !LIVE.has(now));
      setHidden(pause.root, now !== "recording");
      setText(pause.label, paused ? "Resume view" : "Pause view");
      setClass(pause.root, "is-paused", paused);
      setAttribute(pause.root, "aria-label", paused ? "Resume view" : "Pause view");
      setHidden(again.root, now !== "stopped");
      setHidden(annotate.root, report === null || (now !== "readOnly" && now !== "stopped"));
      setHidden(load.root, now !== "waiting" && now !== "recording");
      const driving = panel?.loadRunning === true;
      load.root.disabled = driving;
      setAttribute(load.root, "title", driving ? "Load is running" : "Drive load against the server");
      setHidden(save.root, report === null || now === "readOnly");
      const fixed = panel?.fixed === true;
      setHidden(compare.root, report === null || fixed);
      setHidden(exports.root, report === null || fixed);
    },
  };
}

function stat(unit: string, name = "") {
  const view = new FigureView();
  view.show("", unit);
  return {
    view,
    root: element("span", "stat", [name === "" ? null : element("span", "name", [`${name} `]), view.root]),
  };
}

function showLatency(target: ReturnType<typeof stat>, micros: number | null, shown: boolean): void {
  const { figure, unit } = timeFigure(micros);
  target.view.show(figure, unit);
  setHidden(target.root, !shown);
}

function control(name: IconName, text: string, title: string, labelled: boolean, act: () => void) {
  const label = element("span", "label", [text]);
  const root = element(
    "button",
    labelled ? "button secondary" : "button plain",
    [icon(name), labelled ? label : null],
    {
      type: "button",
      title,
      "aria-label": text,
    },
  );
  if (name === "pause") root.append(icon("resume"));
  root.addEventListener("click", act);
  return { root, label };
}

function portOf(url: string): string {
  const match = /:(\d+)(?:\/|$)/.exec(url);
  return match?.[1] === undefined ? "" : `:${match[1]}`;
}
