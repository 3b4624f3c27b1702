// Benchmark of the panel: what a live panel costs the extension host (model, report, message) and the webview, each second.

import type { Browser } from "playwright-core";
import type { Profile } from "../../../src/model/profile.ts";
import type { PanelState } from "../../../src/protocol/panel.ts";
import { figuresOf } from "../../../src/recording/figures.ts";
import { PANEL_IDLE } from "../../../src/recording/idle.ts";
import { openPanel, type Theme } from "../../webview/harness.ts";
import { mainThreadMillis } from "./scroll.ts";

const SNAPSHOTS = 20;
/** Workers' windows are as long: there is nothing newer before. */
const EVERY_MILLIS = 500;

/** Parts of a core, 0 to 1. */
export async function livePanel(
  browser: Browser,
  theme: Theme,
  profile: Profile,
): Promise<{ readonly host: number; readonly webview: number }> {
  const states: PanelState[] = [];
  const snapshot = (at: number): PanelState => {
    // Each has half a second more of it than the one before.
    const cut = profile.endedMicros - (SNAPSHOTS - at) * EVERY_MILLIS * 1_000;
    const windows = profile.windows.filter(({ endMicros }) => endMicros <= cut);
    const { details: _, ...figures } = figuresOf({ ...profile, windows }, 60);
    return { ...PANEL_IDLE, phase: "recording", title: "server.js", elapsedMs: cut / 1_000, ...figures };
  };
  for (let at = 0; at < 3; at++) snapshot(at);
  const before = process.cpuUsage();
  for (let at = 0; at < SNAPSHOTS; at++) {
    const state = snapshot(at);
    JSON.stringify({ ...state, others: null });
    states.push(state);
  }
  const { user, system } = process.cpuUsage(before);
  const host = (user + system) / 1_000 / (SNAPSHOTS * EVERY_MILLIS);

  const panel = await openPanel(browser, theme, 1200, 900);
  try {
    await panel.paint(states[0] as PanelState);
    const busy = await mainThreadMillis(browser, panel.page, async () => {
      for (const state of states) await panel.paint(state);
    });
    return { host, webview: busy / (SNAPSHOTS * EVERY_MILLIS) };
  } finally {
    await panel.page.context().close();
  }
}
