// Panel: what it says to the extension host, and hears from it.

import { type FromPanel, PANEL_VERSION, type PanelState, type ToPanel } from "../src/protocol/panel.ts";
import type { SiteRef } from "../src/protocol/siteDetails.ts";
import { listen, send } from "./api.ts";

export { keepUi, keptUi } from "./api.ts";

export function post(message: FromPanel): void {
  send(message);
}

/** Asks for the state, so that it does not matter which of the two sides was ready first. */
export function askForState(): void {
  post({ type: "ready", version: PANEL_VERSION });
}

export function onState(listener: (state: PanelState) => void, onOtherVersion: () => void): void {
  listen("state", (version, state) => {
    if (version === PANEL_VERSION) listener(state as PanelState);
    else onOtherVersion();
  });
}

/** The host wants a hotspot's row opened. */
export function onReveal(listener: (site: SiteRef) => void): void {
  window.addEventListener("message", ({ data }: MessageEvent<ToPanel | undefined>) => {
    if (data?.type === "reveal") listener(data.site);
  });
}
