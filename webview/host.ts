// Panel, first stop of the data: the one module that talks to the extension host.

import { type FromPanel, PANEL_VERSION, type PanelState, type ToPanel } from "../src/protocol/panel.ts";
import type { SiteRef } from "../src/protocol/siteDetails.ts";

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export function post(message: FromPanel): void {
  api.postMessage(message);
}

/** Asks for the state, so that it does not matter which of the two sides was ready first. */
export function askForState(): void {
  post({ type: "ready", version: PANEL_VERSION });
}

export function onState(listener: (state: PanelState) => void, onOtherVersion: () => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (!isStateMessage(event.data)) return;
    if (event.data.version === PANEL_VERSION) listener(event.data.state);
    else onOtherVersion();
  });
}

/** The host wants a hotspot's row opened. */
export function onReveal(listener: (site: SiteRef) => void): void {
  window.addEventListener("message", ({ data }: MessageEvent<ToPanel | undefined>) => {
    if (data?.type === "reveal") listener(data.site);
  });
}

function isStateMessage(data: unknown): data is ToPanel & { type: "state" } {
  return (
    typeof data === "object" &&
    data !== null &&
    "type" in data &&
    data.type === "state" &&
    "version" in data &&
    "state" in data &&
    typeof data.state === "object" &&
    data.state !== null
  );
}

/** What VS Code kept of the panel while it was hidden or closed; unknown until checked. */
export function keptUi(): unknown {
  return api.getState();
}
export function keepUi(ui: unknown): void {
  api.setState(ui);
}
