// Webview tests: the panel shows what deltas make of the state, and asks for the whole state where one is missing.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { PanelState } from "../../src/protocol/panel.ts";
import { type StateMessage, StateSender } from "../../src/protocol/stateFeed.ts";
import { postMessage } from "./harness.ts";
import { REPORT } from "./report.ts";
import { RECORDING } from "./states.ts";
import { places, withPanel } from "./withPanel.ts";

function post(page: Page, message: StateMessage | null): Promise<void> {
  assert.ok(message !== null);
  return postMessage(page, JSON.parse(JSON.stringify(message)));
}

const [first, second, ...others] = REPORT.hotspots;
assert.ok(first !== undefined && second !== undefined);
/** The second hotspot is now the heaviest, and its figure another one. */
const LATER: PanelState = {
  ...RECORDING,
  elapsedMs: RECORDING.elapsedMs + 1_000,
  report: {
    ...REPORT,
    requests: { ...REPORT.requests, perSecond: 4_321 },
    hotspots: [{ ...second, impactMicrosPerRequest: 777 }, first, ...others],
  },
};

test("deltas show what the whole state would", () =>
  withPanel(async (panel) => {
    const sender = new StateSender();
    await post(panel.page, sender.next(RECORDING));
    await post(panel.page, sender.next(LATER));
    const shown = [await places(panel), await panel.page.locator("main").innerHTML()];
    await withPanel(
      async (whole) => {
        assert.deepEqual(shown[0], await places(whole));
        const figure = (page: Page) => page.getByText("4,321").count();
        assert.equal(await figure(panel.page), await figure(whole.page));
        assert.ok((await figure(panel.page)) > 0);
      },
      { state: LATER },
    );
    assert.equal((await panel.posted()).filter(({ type }) => type === "snapshot").length, 0);
  }));

test("a missing one is noticed, the whole state asked for once, and what stands stays until it comes", () =>
  withPanel(async (panel) => {
    const sender = new StateSender();
    await post(panel.page, sender.next(RECORDING));
    const before = await places(panel);
    sender.next({ ...RECORDING, elapsedMs: 1 });
    await post(panel.page, sender.next(LATER));
    await post(panel.page, sender.next({ ...LATER, elapsedMs: 2 }));
    assert.deepEqual(await places(panel), before);
    assert.equal((await panel.posted()).filter(({ type }) => type === "snapshot").length, 1);
    sender.restart();
    await post(panel.page, sender.next(LATER));
    assert.notDeepEqual(await places(panel), before);
    await panel.page.getByText("4,321").first().waitFor();
  }));

test("what is newer than the report shows in the bar and by worker, and goes with it", () =>
  withPanel(async (panel) => {
    const sender = new StateSender();
    await post(panel.page, sender.next(RECORDING));
    const budgets = await panel.page.locator(".budgets").innerHTML();
    const bar = async () =>
      (await panel.page.locator(".bar").allInnerTexts()).join(" ").replaceAll(/\s+/g, " ");
    const rates = () => panel.page.locator("tbody .worker-rate").allInnerTexts();
    const before = [await bar(), await rates()];
    const workersPerSecond = REPORT.workers.map((_, at) => 1_000 + at);
    const requests = { total: 9_999, perSecond: 7_654, p50Micros: 321, p99Micros: 98_765 };
    await post(panel.page, sender.next({ ...RECORDING, newest: { requests, workersPerSecond } }));
    assert.match(await bar(), /7,654 req\/s/);
    assert.match(await bar(), /321 µs/);
    for (const [at, { role }] of REPORT.workers.entries())
      assert.equal((await rates())[at], role === "peer" ? `1,00${at}` : "–");
    assert.equal(await panel.page.locator(".budgets").innerHTML(), budgets);
    await post(panel.page, sender.next(RECORDING));
    assert.deepEqual([await bar(), await rates()], before);
  }));
