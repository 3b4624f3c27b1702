// Panel, the bar: state, clock, scope, the server's own figures, and the controls.

import { formatCount, formatNumber } from "../src/model/format.ts";
import { t } from "../src/model/l10n.ts";
import { type PanelPhase, type PanelState, takesLoad } from "../src/protocol/panel.ts";
import { isOfServer } from "../src/protocol/serverWorkers.ts";
import { around, element, FigureView, setAttribute, setClass, setHidden, setText } from "./element.ts";
import { clock, shareFigure, timeFigure } from "./figures.ts";
import { post } from "./host.ts";
import { type IconName, icon } from "./icons.ts";
import { type Dispatch, isSettling, loopsBusy, measured, type Part, SETTLED_REQUESTS } from "./part.ts";
import { makeScope } from "./scope.ts";
import type { Model } from "./state.ts";

const PHASE_WORDS: Readonly<Record<PanelPhase, string>> = {
  idle: t("Nothing recorded yet"),
  calibrating: t("Calibrating this machine"),
  starting: t("Starting the server"),
  waiting: t("Waiting for a request"),
  recording: t("Recording"),
  stopping: t("Stopping"),
  stopped: t("Stopped"),
  readOnly: t("Read-only"),
  error: t("Failed"),
};

const LIVE: ReadonlySet<PanelPhase> = new Set(["starting", "waiting", "recording"]);

export function phaseText(panel: PanelState | null, paused: boolean): string {
  if (panel === null) return "";
  if (paused && panel.phase === "recording") return t("Paused, still recording");
  if (panel.phase === "idle" && panel.error !== null) return t("Ended");
  if (panel.phase === "starting" && panel.external === true) return t("Waiting for a server");
  if (panel.phase === "readOnly" && panel.unsaved === true) return t("Unsaved: {0}", panel.title);
  if (panel.phase === "readOnly") return t("Read-only: {0}", panel.title);
  return PHASE_WORDS[panel.phase];
}

export function makeBar(dispatch: Dispatch): Part {
  const dot = element("span", "dot");
  const phase = element("span", "phase");
  const time = element("span", "clock");
  const scope = makeScope(dispatch);

  const rate = stat(t("req/s"));
  const p50 = stat("", "p50");
  const p99 = stat("", "p99");
  const workersCount = element("span", "number");
  const workersWord = element("span");
  const busy = element("span", "number");
  const loops = element("span", "wide-only", [", ", ...around(t("loops {0} busy"), busy)]);
  const workers = element("span", "stat workers-stat", [workersCount, " ", workersWord, loops]);
  const settling = element("span", "settling-mark");
  const stats = element("div", "stats", [rate.root, p50.root, p99.root, workers]);

  const stop = control("stop", t("Stop"), t("Stop the recording and the server"), true, () =>
    post({ type: "action", action: "stop" }),
  );
  let paused = false;
  const pause = control(
    "pause",
    t("Pause view"),
    t("Hold the figures still; recording goes on (Space)"),
    true,
    () => {
      dispatch({ type: "pause", paused: !paused });
    },
  );
  const again = control("profile", t("Profile…"), t("Profile a Node server"), true, () =>
    post({ type: "action", action: "profile" }),
  );
  let driving = false;
  const load = control("load", t("Stop load"), "", true, () =>
    post({ type: "action", action: driving ? "stopLoad" : "driveLoad" }),
  );
  const save = control("save", t("Save"), t("Save this recording to a file"), false, () =>
    post({ type: "action", action: "save" }),
  );
  const compare = control("compare", t("Compare…"), t("Compare with another recording"), false, () =>
    post({ type: "action", action: "compare" }),
  );
  const exports = control(
    "export",
    t("Export…"),
    t("Export for other tools, a browser, a ticket"),
    false,
    () => post({ type: "action", action: "export" }),
  );
  const annotate = control(
    "open",
    t("Show beside the code"),
    t("Show these figures beside the lines they are about"),
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
    glances: true,
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
      const requests = report === null ? null : (panel?.newest ?? report).requests;
      rate.view.show(formatNumber(requests?.perSecond ?? 0), ` ${t("req/s")}`);
      showLatency(p50, requests?.p50Micros ?? null, report !== null);
      showLatency(p99, requests?.p99Micros ?? null, report !== null);
      const peers = panel?.report?.workers.filter(isOfServer).length ?? 0;
      setHidden(workers, peers === 0);
      setText(workersCount, `${peers}`);
      const port = panel?.url == null ? "" : portOf(panel.url);
      setText(workersWord, workersText(peers, now === "waiting", port));
      const share = report === null ? null : loopsBusy(report);
      setHidden(loops, share === null);
      const { figure, unit } = shareFigure(share);
      setText(busy, `${figure}${unit}`);
      const settles = isSettling(panel);
      setHidden(settling, !settles);
      setText(settling, t("settling"));
      setAttribute(
        settling,
        "title",
        t(
          "{0} requests; figures settle after about {1}",
          formatCount(report?.requests.total ?? 0),
          formatCount(SETTLED_REQUESTS),
        ),
      );

      setHidden(stop.root, !LIVE.has(now));
      setHidden(pause.root, now !== "recording");
      setText(pause.label, paused ? t("Resume view") : t("Pause view"));
      setClass(pause.root, "is-paused", paused);
      setAttribute(pause.root, "aria-label", paused ? t("Resume view") : t("Pause view"));
      setHidden(again.root, now !== "stopped");
      setHidden(annotate.root, report === null || (now !== "readOnly" && now !== "stopped"));
      driving = panel?.loadRunning === true;
      const loadable = driving || takesLoad(panel?.url ?? null);
      setHidden(load.root, (now !== "waiting" && now !== "recording") || !loadable);
      setClass(load.root, "secondary", driving);
      setClass(load.root, "plain", !driving);
      setClass(load.root, "is-driving", driving);
      setHidden(load.label, !driving);
      setAttribute(load.root, "aria-label", driving ? t("Stop load") : t("Drive load"));
      setAttribute(load.root, "title", driving ? stopLoadTitle(panel) : t("Drive load against the server"));
      setHidden(save.root, report === null || (now === "readOnly" && panel?.unsaved !== true));
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
  if (name === "load") root.prepend(icon("stopLoad"));
  root.addEventListener("click", act);
  return { root, label };
}

function stopLoadTitle(panel: PanelState | null): string {
  const answers = panel?.loadAnswers;
  const title = t("Stop sending requests; the recording goes on");
  return answers === undefined
    ? title
    : `${title}\n${t("{0} answers in the last second", formatCount(answers))}`;
}

function workersText(peers: number, ready: boolean, port: string): string {
  const workers = peers === 1 ? t("worker") : t("workers");
  if (!ready) return workers;
  return port === "" ? t("{0} ready", workers) : t("{0} ready on {1}", workers, port);
}

function portOf(url: string): string {
  const match = /:(\d+)(?:\/|$)/.exec(url);
  return match?.[1] === undefined ? "" : `:${match[1]}`;
}
