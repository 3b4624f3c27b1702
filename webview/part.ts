// Panel: what every part of it is: made once, then shown the model whenever that changes.

import type { PanelState } from "../src/protocol/panel.ts";
import type { Report } from "../src/protocol/report.ts";
import type { Action, Model } from "./state.ts";

export interface Part {
  readonly root: HTMLElement;
  show(model: Model): void;
  /** It shows what comes between windows, too. */
  readonly glances?: boolean;
}

export type Dispatch = (action: Action) => void;

/** Figures are shown only once a request came; before that everything is unknown, not zero. */
export function measured(panel: PanelState | null): Report | null {
  const report = panel?.report ?? null;
  return report !== null && report.requests.total > 0 ? report : null;
}

/** The time line stays where the chosen span has no request: another one can be chosen there. */
export function charted(panel: PanelState | null): Report | null {
  return measured(panel) ?? (panel !== null && panel.range !== null ? panel.report : null);
}

/** Below this many requests figures are muted and marked. */
export const SETTLED_REQUESTS = 1000;

export function isSettling(panel: PanelState | null): boolean {
  const report = measured(panel);
  return report !== null && report.requests.total < SETTLED_REQUESTS && panel?.phase === "recording";
}

/** Mean share of time that the listening workers' loops are busy, 0 to 1. */
export function loopsBusy(report: Report): number | null {
  const peers = report.workers.filter(({ role }) => role === "peer");
  if (peers.length === 0) return null;
  return peers.reduce((sum, { loopUtilization }) => sum + loopUtilization, 0) / peers.length;
}
