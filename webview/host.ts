// Panel: what it says to the extension host, and hears from it.

import { type FromPanel, PANEL_VERSION, type PanelState, type ToPanel } from "../src/protocol/panel.ts";
import type { SiteRef } from "../src/protocol/siteDetails.ts";
import { StateReceiver } from "../src/protocol/stateFeed.ts";
import { send } from "./api.ts";

export { keepUi, keepUiAtRest, keptUi } from "./api.ts";

export function post(message: FromPanel): void {
  send(message);
}

/** Asks for the state, so that it does not matter which of the two sides was ready first. */
export function askForState(): void {
  post({ type: "ready", version: PANEL_VERSION });
}

export function onState(listener: (state: PanelState) => void, onOtherVersion: () => void): void {
  const receiver = new StateReceiver();
  let asked = false;
  window.addEventListener("message", ({ data }: MessageEvent<ToPanel | undefined>) => {
    if (data?.type !== "state" && data?.type !== "delta") return;
    if (data.version !== PANEL_VERSION) {
      onOtherVersion();
      return;
    }
    const state = receiver.take(data);
    if (state !== null) listener(state);
    // Once: more of them may be on their way.
    else if (!asked) post({ type: "snapshot" });
    asked = state === null;
  });
}

/** The view was paused before this page was made. */
export function onHold(listener: () => void): void {
  window.addEventListener("message", ({ data }: MessageEvent<ToPanel | undefined>) => {
    if (data?.type === "hold") listener();
  });
}

/** The host wants a hotspot's row opened. */
export function onReveal(listener: (site: SiteRef) => void): void {
  window.addEventListener("message", ({ data }: MessageEvent<ToPanel | undefined>) => {
    if (data?.type === "reveal") listener(data.site);
  });
}
