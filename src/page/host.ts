// Page: the panel's host where there is no VS Code: a report as one file, in any browser. Runs before the panel's own
// script, takes the recording out of the page, and answers what the panel asks for by the same model.

import type { Profile } from "../model/profile.ts";
import {
  type FromPanel,
  PANEL_VERSION,
  type PanelState,
  type Range,
  type ToPanel,
} from "../protocol/panel.ts";
import { siteName } from "../protocol/siteDetails.ts";
import { type Figures, figuresOf } from "../recording/figures.ts";
import { PANEL_IDLE } from "../recording/idle.ts";

/** Where the page holds the recording: gzipped JSON in base 64. */
const DATA_ID = "darcy-recording";

const data = document.getElementById(DATA_ID);
const title = data?.dataset.title ?? "";
let ui: unknown = null;
/** Of the scope that is shown. */
let shown: { readonly range: Range | null; readonly figures: Figures } | null = null;
let wanted: Extract<FromPanel, { type: "details" }>["wanted"] = null;
/** For as long as the page is open. */
const suppressed = new Set<string>();
const recording = unpack(data?.textContent ?? "");

Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: FromPanel) => void answer(message),
    getState: () => ui,
    setState: (next: unknown) => {
      ui = next;
    },
  }),
});
showTheme();
for (const query of THEME_QUERIES()) query.addEventListener("change", showTheme);

async function unpack(base64: string): Promise<Profile> {
  const packed = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as Profile;
}

async function answer(message: FromPanel): Promise<void> {
  switch (message.type) {
    case "ready":
      return send(null);
    case "range":
      return send(message.range);
    case "scope":
      return send(null);
    case "details":
      wanted = message.wanted;
      return send(shown?.range ?? null);
    case "suppress":
      if (message.suppressed) suppressed.add(siteName(message.site));
      else suppressed.delete(siteName(message.site));
      return send(shown?.range ?? null);
    case "copy":
      return navigator.clipboard.writeText(message.text);
    case "open":
      return openInEditor(message.location);
  }
}

async function send(range: Range | null): Promise<void> {
  let state: PanelState;
  try {
    const profile = await recording;
    const elapsedMs = (profile.endedMicros - profile.startedMicros) / 1_000;
    if (shown === null || shown.range !== range) shown = { range, figures: figuresOf(profile, 0, range) };
    const { details, ...figures } = shown.figures;
    state = {
      ...PANEL_IDLE,
      phase: "readOnly",
      title,
      elapsedMs,
      scopeSeconds: 0,
      range,
      ...figures,
      details: wanted === null ? null : details(wanted.site, wanted.view),
      suppressed: [...suppressed],
    };
  } catch {
    const error = {
      message: "The recording in this page is damaged.",
      remedy: "Make the page again.",
      action: null,
    };
    state = { ...PANEL_IDLE, phase: "error", title, error };
  }
  window.postMessage({ type: "state", version: PANEL_VERSION, sequence: 0, state } satisfies ToPanel, "*");
}

/** VS Code answers to such addresses where it is installed, and asks first. */
function openInEditor({ file, line, column }: { file: string; line: number; column: number }): void {
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(file)) return;
  const path = file
    .replaceAll("\\", "/")
    .split("/")
    .map(encodeURIComponent)
    .join("/")
    .replace(/^([A-Za-z])%3A/, "$1:");
  window.location.href = `vscode://file/${path.replace(/^\//, "")}:${line}:${column}`;
}

function THEME_QUERIES(): readonly MediaQueryList[] {
  return ["(prefers-color-scheme: light)", "(prefers-contrast: more)", "(forced-colors: active)"].map(
    (query) => matchMedia(query),
  );
}

/** As VS Code marks its themes on the body. */
function showTheme(): void {
  const [light, contrast, forced] = THEME_QUERIES().map(({ matches }) => matches);
  const high = contrast === true || forced === true;
  const kind = light === true ? "light" : "dark";
  document.documentElement.dataset.theme = high ? `hc-${kind}` : kind;
  const classes = high
    ? light === true
      ? ["vscode-high-contrast-light", "vscode-high-contrast"]
      : ["vscode-high-contrast"]
    : [`vscode-${kind}`];
  document.body.classList.remove(
    "vscode-dark",
    "vscode-light",
    "vscode-high-contrast",
    "vscode-high-contrast-light",
  );
  document.body.classList.add(...classes);
}
