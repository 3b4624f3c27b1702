// Benchmark of the panel: what a live panel costs the extension host (figures, message) and the webview, each second, of a
// recording's last seconds as if they were now: at the pace and by the messages of the real one.

import type { Browser } from "playwright-core";
import type { Profile } from "../../../src/model/profile.ts";
import { type StateMessage, StateSender } from "../../../src/protocol/stateFeed.ts";
import { GrowingFigures } from "../../../src/recording/figures.ts";
import { PANEL_IDLE } from "../../../src/recording/idle.ts";
import { Pacer, REFRESH, WHOLE } from "../../../src/recording/pace.ts";
import { openPanel, postMessage, type Theme } from "../../webview/harness.ts";
import { mainThreadMillis } from "./scroll.ts";

const SECONDS = 20;
const WARM_SECONDS = 5;
/** As often as the panel is posted to at the most. */
const EVERY_MILLIS = 250;

export interface LiveCost {
  /** Parts of a core, 0 to 1. */
  readonly host: number;
  readonly webview: number;
  /** Characters. */
  readonly postedPerSecond: number;
  readonly snapshot: number;
}

export async function livePanel(browser: Browser, theme: Theme, profile: Profile): Promise<LiveCost> {
  const messages: StateMessage[] = [];
  const growing = new GrowingFigures();
  const sender = new StateSender();
  const at = (millis: number): Profile => {
    const cut = profile.endedMicros - ((SECONDS + WARM_SECONDS) * 1_000 - millis) * 1_000;
    return { ...profile, windows: profile.windows.filter(({ endMicros }) => endMicros <= cut) };
  };
  let figures = growing.whole(at(0), 60);
  let [wholeFrom, refreshFrom] = [0, 0];
  const [wholePacer, refreshPacer] = [new Pacer(), new Pacer()];
  let [micros, posted, snapshot] = [0, 0, 0];
  for (let millis = 0; millis <= (SECONDS + WARM_SECONDS) * 1_000; millis += EVERY_MILLIS) {
    const now = at(millis);
    const before = process.cpuUsage();
    if (millis >= wholeFrom) {
      figures = growing.whole(now, 60);
      wholeFrom = millis + wholePacer.pauseAfter(process.cpuUsage(before), WHOLE);
    } else if (millis >= refreshFrom) {
      figures = growing.refreshed(figures, now, 60, null) ?? figures;
      refreshFrom = millis + refreshPacer.pauseAfter(process.cpuUsage(before), REFRESH);
    }
    const { report, series, scope, others } = figures;
    const title = "server.js";
    const state = {
      ...PANEL_IDLE,
      phase: "recording",
      title,
      elapsedMs: millis,
      report,
      series,
      scope,
    } as const;
    const message = sender.next({ ...state, others });
    const text = JSON.stringify(message, (_, value: unknown) =>
      value instanceof Float64Array ? null : value,
    );
    const { user, system } = process.cpuUsage(before);
    if (message === null) continue;
    messages.push(message);
    if (message.type === "state") snapshot = text.length;
    if (millis < WARM_SECONDS * 1_000) continue;
    micros += user + system;
    posted += text.length;
  }

  const warm = (WARM_SECONDS * 1_000) / EVERY_MILLIS;
  const panel = await openPanel(browser, theme, 1200, 900);
  try {
    for (const message of messages.slice(0, warm)) await postMessage(panel.page, message);
    const busy = await mainThreadMillis(browser, panel.page, async () => {
      for (const message of messages.slice(warm)) await postMessage(panel.page, message);
    });
    return {
      host: micros / 1e6 / SECONDS,
      webview: busy / 1_000 / SECONDS,
      postedPerSecond: posted / SECONDS,
      snapshot,
    };
  } finally {
    await panel.page.context().close();
  }
}
