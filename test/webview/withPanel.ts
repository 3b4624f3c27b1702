// The panel in a real browser for the tests of one file, under its real content security policy.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import type { Browser, Locator } from "playwright-core";
import type { CompareState } from "../../src/protocol/comparePanel.ts";
import type { FromPanel, PanelState } from "../../src/protocol/panel.ts";
import { COMPARE_STATES } from "./comparisons.ts";
import {
  type CompareView,
  launchChromium,
  openPanel,
  openView,
  type Panel,
  type Theme,
  type ThemeName,
  themes,
} from "./harness.ts";
import { REPORT } from "./report.ts";
import { RECORDING } from "./states.ts";

let browser: Browser;
let all: Readonly<Record<ThemeName, Theme>>;
/** The variables of all themes, once the tests run. */
export const allThemes = () => all;
before(async () => {
  browser = await launchChromium();
  all = await themes();
});
after(() => browser.close());

interface Options<State> {
  readonly state?: State;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly kept?: unknown;
  readonly words?: Panel["words"];
}

export async function withPanel(
  act: (panel: Panel) => Promise<void>,
  options: Options<PanelState> = {},
): Promise<void> {
  const { state = RECORDING, theme = "darkModern", width = 1200, height = 900, kept = null } = options;
  const panel = await openPanel(browser, all[theme], width, height, kept, options.words);
  try {
    await panel.send(state);
    await act(panel);
    assert.deepEqual(panel.faults, [], "the page reports no errors, nor does its content security policy");
  } finally {
    await panel.page.context().close();
  }
}

/** The comparison's view. */
export async function withComparison(
  act: (view: CompareView) => Promise<void>,
  options: Options<CompareState> = {},
): Promise<void> {
  const {
    state = COMPARE_STATES.traded,
    theme = "darkModern",
    width = 1200,
    height = 900,
    kept = null,
    words,
  } = options;
  const view: CompareView = await openView("compare", browser, all[theme], { width, height, kept, words });
  try {
    await view.send(state);
    await act(view);
    assert.deepEqual(view.faults, [], "the page reports no errors, nor does its content security policy");
  } finally {
    await view.page.context().close();
  }
}

/** As it is seen: what is hidden is left out. */
// biome-ignore lint/performance/useDomNodeTextContent: the text as laid out is what is meant, and this is Playwright's.
export const seenText = (locator: Locator) => locator.innerText();
export const rows = (panel: Panel) => panel.page.locator(".row:not(.fold-row)");
export const places = (panel: Panel) => panel.page.locator(".row .place").allTextContents();
export const opened = async (panel: Panel) =>
  (await panel.posted()).filter(
    (message): message is Extract<FromPanel, { type: "open" }> => message.type === "open",
  );
export const withReport = (change: Partial<typeof REPORT>): PanelState => ({
  ...RECORDING,
  report: { ...REPORT, ...change },
});
