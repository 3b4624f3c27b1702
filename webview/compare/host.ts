// Comparison: what its view says to the extension host, and hears from it.

import { COMPARE_VERSION, type CompareState, type FromCompareView } from "../../src/protocol/comparePanel.ts";
import { listen, send } from "../api.ts";

export { keepUi, keepUiAtRest, keptUi } from "../api.ts";

export function post(message: FromCompareView): void {
  send(message);
}

export function askForState(): void {
  post({ type: "ready", version: COMPARE_VERSION });
}

export function onState(listener: (state: CompareState) => void, onOtherVersion: () => void): void {
  listen("comparison", (version, state) => {
    if (version === COMPARE_VERSION) listener(state as CompareState);
    else onOtherVersion();
  });
}
