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
import { answerView, openInEditor, title, unpack } from "./browser.ts";

/** Of the scope that is shown. */
let shown: { readonly range: Range | null; readonly figures: Figures } | null = null;
let wanted: Extract<FromPanel, { type: "details" }>["wanted"] = null;
/** For as long as the page is open. */
const suppressed = new Set<string>();
const recording = unpack() as Promise<Profile>;

answerView(answer);

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
