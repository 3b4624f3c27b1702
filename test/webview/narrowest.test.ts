// The panel in a browser, as narrow as VS Code lets a group of editors be: what says what the figures are of is never cut.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPORT } from "./report.ts";
import { STATES } from "./states.ts";
import { withPanel } from "./withPanel.ts";

const NARROWEST = 220;

test("the scope and the budgets' figures stay within a panel of 220 pixels", () =>
  withPanel(
    async ({ page }) => {
      const past = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>(".state > *, .budget-head > *")]
          .filter((at) => at.checkVisibility() && at.getBoundingClientRect().right > innerWidth)
          .map((at) => at.className),
      );
      assert.deepEqual(past, []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), NARROWEST);
    },
    {
      state: {
        ...STATES.settling,
        range: { fromMs: 0, toMs: 3_000 },
        scope: { fromMs: 0, toMs: 3_000, label: "00:00–00:03" },
        report: { ...REPORT, processorMicrosPerRequest: 19_110, requests: { ...REPORT.requests, total: 90 } },
      },
      width: NARROWEST,
    },
  ));
