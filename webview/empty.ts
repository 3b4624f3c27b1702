// Panel, the middle while there are no figures: what happens now, what to do, what is known of the machine.

import { formatCount } from "../src/model/format.ts";
import { scopeWords } from "../src/model/formatScope.ts";
import { t } from "../src/model/l10n.ts";
import { type PanelState, takesLoad } from "../src/protocol/panel.ts";
import { isOfServer } from "../src/protocol/serverWorkers.ts";
import { element, setAttribute, setClass, setHidden, setText } from "./element.ts";
import { post } from "./host.ts";
import { icon } from "./icons.ts";
import { type Dispatch, measured, type Part, SETTLED_REQUESTS } from "./part.ts";
import { makeSheet } from "./sheet.ts";
import type { LoadForm, Model } from "./state.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const SECONDS = [10, 30, 60, 300] as const;

export function makeEmpty(dispatch: Dispatch): Part {
  const title = element("h2", "empty-title");
  const text = element("p", "empty-text");
  const remedy = element("p", "empty-text");
  const ran = element("pre", "what-ran", [], { tabindex: "0", "aria-label": t("What ran") });
  const act = element("button", "button primary", [], { type: "button" });
  let action: NonNullable<NonNullable<PanelState["error"]>["action"]> = "profile";
  act.addEventListener("click", () => post({ type: "action", action }));
  const form = makeLoadForm(dispatch);
  const sheet = makeSheet("short");
  const root = element("div", "empty", [title, text, remedy, ran, act, form.root, sheet.root]);

  return {
    root,
    show(model: Model) {
      const { panel } = model;
      const visible = panel !== null && (panel.phase === "error" || measured(panel) === null);
      setHidden(root, !visible);
      setClass(root, "above-figures", measured(panel) !== null);
      if (panel === null) return;
      const words = wordsOf(panel);
      setText(title, words.title);
      setText(text, words.text);
      setText(remedy, words.remedy);
      setHidden(remedy, words.remedy === "");
      const processes = (panel.phase === "error" ? panel.error?.processes : undefined) ?? [];
      setText(ran, processes.join("\n"));
      setHidden(ran, processes.length === 0);
      setHidden(act, words.action === null);
      if (words.action !== null) {
        action = words.action;
        setText(act, ACTION_WORDS[action]);
      }
      setAttribute(root, "data-phase", panel.phase);
      setHidden(form.root, panel.phase !== "waiting" || !takesLoad(panel.url));
      form.show(model);
      sheet.show(measured(panel) === null ? (panel.report?.calibration ?? null) : null);
    },
  };
}

const ACTION_WORDS = {
  profile: t("Profile…"),
  showLog: t("Show log"),
  showTerminal: t("Show its terminal"),
  stop: t("Stop"),
  driveLoad: t("Drive load"),
  copyEnvironment: t("Copy environment…"),
  recordSingle: t("Run with one worker"),
} as const;

const STOPPING = t("A server that has not ended by itself within 5 s is killed.");

interface Words {
  readonly title: string;
  readonly text: string;
  readonly remedy: string;
  readonly action: keyof typeof ACTION_WORDS | null;
}

function wordsOf(panel: PanelState): Words {
  const { phase, title, url, report, error, range, scope, hint, external = false } = panel;
  const name = title === "" ? t("The server") : title;
  const peers = report?.workers.filter(isOfServer).length ?? 0;
  const plain = (heading: string, text: string, remedy = ""): Words => ({
    title: heading,
    text,
    remedy,
    action: null,
  });
  if (range !== null && report !== null && phase !== "error")
    return plain(
      t("No request in {0}", scopeWords(scope.label)),
      t(
        "Nothing was measured in this span, or it is part of the warm-up. Choose another one in the time line, or Esc for all.",
      ),
    );
  switch (phase) {
    case "error":
      return {
        title: t("This did not work"),
        text: error?.message ?? t("The reason is not known."),
        remedy: error?.remedy ?? "",
        action: error?.action ?? null,
      };
    case "idle":
      if (error !== null) {
        const { message, remedy, action } = error;
        return { title: t("The recording ended"), text: message, remedy, action };
      }
      return {
        title: t("Nothing recorded yet"),
        text: t(
          "Profile a Node server to see where a request’s time goes: data copies, context switches, memory allocation, lock waits. Its code stays as it is.",
        ),
        remedy: "",
        action: "profile",
      };
    case "calibrating":
      return plain(
        t("Calibrating this machine"),
        t("Darcy measures what a copy, a hand-off and an allocation cost here. It takes less than a second."),
      );
    case "starting":
      if (external)
        return {
          title: t("Waiting for a server to join"),
          text: t(
            "Start it on this machine, as the same user, with the variables that were copied. It joins when it listens.",
          ),
          remedy: hint ?? "",
          action: "copyEnvironment",
        };
      return plain(
        title === "" ? t("Starting the server") : t("Starting {0}", title),
        title === ""
          ? t("Darcy waits until it listens. Its output is in its own terminal.")
          : t("Darcy waits until it listens. Its output is in the terminal “Darcy: {0}”.", title),
      );
    case "waiting":
    case "recording":
      return plain(t("No request yet"), `${readyText(name, url, peers)} ${firstText(panel)}`, hint);
    case "stopping":
      return external
        ? plain(t("Ending the recording"), t("The server goes on without Darcy."))
        : plain(title === "" ? t("Stopping the server") : t("Stopping {0}", title), STOPPING);
    case "stopped":
      if (external)
        return {
          title: t("Stopped before a request came"),
          text: t("No server joined, or it answered no request."),
          remedy: t(
            "Start the server with the variables that are copied, and send it requests while it is recorded.",
          ),
          action: "copyEnvironment",
        };
      return {
        title: t("Stopped before a request came"),
        text:
          title === "" ? t("Nothing of the server was measured.") : t("Nothing of {0} was measured.", title),
        remedy: t("Start it again and send it requests, or use Drive load while it runs."),
        action: "profile",
      };
    case "readOnly":
      return plain(t("No request was measured"), t("There is nothing to show."));
  }
}

function firstText(panel: PanelState): string {
  const enough = formatCount(SETTLED_REQUESTS);
  return panel.url === null || takesLoad(panel.url)
    ? t("Figures appear with the first request; they settle after about {0}.", enough)
    : t("Each message that a client sends counts as a request; figures settle after about {0}.", enough);
}

function readyText(name: string, url: string | null, peers: number): string {
  if (url === null)
    return peers === 0
      ? t("{0} listens and is ready.", name)
      : peers === 1
        ? t("{0} listens with 1 worker and is ready.", name)
        : t("{0} listens with {1} workers and is ready.", name, peers);
  return peers === 0
    ? t("{0} listens on {1} and is ready.", name, url)
    : peers === 1
      ? t("{0} listens on {1} with 1 worker and is ready.", name, url)
      : t("{0} listens on {1} with {2} workers and is ready.", name, url, peers);
}

function makeLoadForm(dispatch: Dispatch) {
  const method = element(
    "select",
    "load-method",
    METHODS.map((value) => element("option", "", [value], { value })),
    { "aria-label": t("Method") },
  );
  const path = element("input", "load-path", [], {
    type: "text",
    "aria-label": t("Path"),
    spellcheck: "false",
  });
  const connections = element("input", "load-connections", [], {
    type: "number",
    min: "1",
    max: "1000",
    "aria-label": t("Connections"),
  });
  const seconds = element(
    "select",
    "select",
    SECONDS.map((value) =>
      element("option", "", [value < 60 ? `${value} s` : t("{0} min", value / 60)], { value: `${value}` }),
    ),
    {
      "aria-label": t("Duration"),
    },
  );
  const driveWord = element("span");
  const drive = element("button", "button primary", [icon("load"), driveWord], { type: "submit" });
  let driving = false;
  // Values out of range are brought into it when they are read.
  const form = element("form", "load-form", [
    element("span", "load-target", [method, path, connections, element("span", "muted", [t("connections")])]),
    seconds,
    drive,
  ]);
  form.noValidate = true;
  const command = element("code", "curl");
  const copy = element("button", "button plain", [icon("copy", 14)], {
    type: "button",
    title: t("Copy"),
    "aria-label": t("Copy the command"),
  });
  copy.addEventListener("click", () => post({ type: "copy", text: command.textContent ?? "" }));
  const root = element("div", "load", [
    form,
    element("p", "own-request", [`${t("Or send your own:")} `, command, copy]),
  ]);

  const read = (): LoadForm => ({
    method: method.value,
    path: path.value.startsWith("/") ? path.value : `/${path.value}`,
    connections: Math.min(1000, Math.max(1, Math.round(Number(connections.value) || 1))),
    seconds: Number(seconds.value),
  });
  const keep = () => dispatch({ type: "load", load: { ...read(), path: path.value } });
  for (const field of [method, path, connections, seconds]) field.addEventListener("input", keep);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    post(driving ? { type: "action", action: "stopLoad" } : { type: "load", ...read() });
  });
  const fill = (field: HTMLInputElement | HTMLSelectElement, value: string) => {
    if (field.value !== value && document.activeElement !== field) field.value = value;
  };
  return {
    root,
    show({ panel, ui }: Model): void {
      fill(method, ui.load.method);
      fill(path, ui.load.path);
      fill(connections, `${ui.load.connections}`);
      fill(seconds, `${ui.load.seconds}`);
      const { method: verb, path: to } = read();
      const url = `${(panel?.url ?? "").replace(/\/$/, "")}${to}`;
      // A server under development seldom has a certificate that curl would take.
      const options = `${url.startsWith("https:") ? "-k " : ""}${verb === "GET" ? "" : `-X ${verb} `}`;
      setText(command, `curl ${options}${shellWord(url)}`);
      driving = panel?.loadRunning === true;
      setText(driveWord, driving ? t("Stop load") : t("Drive load"));
    },
  };
}

/** Quoted only where a shell would read more than a word. */
function shellWord(text: string): string {
  return /^[\w:/.~%+@,=-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
