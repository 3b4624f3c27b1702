// The panel in a browser: its notices, their order, and what they offer.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { REPORT } from "./report.ts";
import { STATES } from "./states.ts";
import { withPanel, withReport } from "./withPanel.ts";

describe("notices", () => {
  test("the gravest notices show, whoever found them, and a place in the user's code opens", () =>
    withPanel(
      async (panel) => {
        const severities = await panel.page
          .locator(".notice-items .notice")
          .evaluateAll((all) => all.map(({ dataset }) => dataset.severity));
        assert.deepEqual(severities, ["error", "warning", "info"]);
        await panel.page.getByRole("button", { name: "sweep.ts:12" }).click({ modifiers: ["Alt"] });
        assert.deepEqual((await panel.posted()).at(-1), {
          type: "open",
          location: { file: "/srv/orders/src/sweep.ts", line: 12, column: 1 },
          toSide: true,
        });
      },
      { state: STATES.notBound },
    ));

  test("notices that differ in a number alone are all shown and counted", () =>
    withPanel(
      async (panel) => {
        const shown = () => panel.page.locator(".notice-items .notice").allInnerTexts();
        const words = [4711, 4712, 4713, 4714].map((pid) => `Copies are not measured in process ${pid}.`);
        assert.deepEqual(await shown(), words.slice(0, 3));
        await panel.page.getByText("1 more notice").click();
        assert.deepEqual(await shown(), words);
      },
      {
        state: withReport({
          notices: [4711, 4712, 4713, 4714].map((pid) => ({
            code: "probe-off",
            severity: "warning",
            text: `Copies are not measured in process ${pid}.`,
          })),
        }),
      },
    ));

  test("a notice of what several workers change offers one worker, where that can be started", async () => {
    await withPanel(
      async (panel) => {
        await panel.page.getByText("1 more notice").click();
        const single = panel.page.getByRole("button", { name: "Run with one worker" });
        // The timer's, and of a worker that can't run beside another.
        assert.equal(await single.filter({ visible: true }).count(), 2);
        await single.filter({ visible: true }).first().click();
        assert.deepEqual((await panel.posted()).at(-1), { type: "action", action: "recordSingle" });
      },
      { state: STATES.notBound },
    );
    for (const state of [
      { ...STATES.notBound, phase: "readOnly" as const },
      { ...STATES.notBound, external: true },
      { ...STATES.notBound, report: { ...REPORT, ...STATES.notBound.report, topology: "single" as const } },
    ])
      await withPanel(
        async ({ page }) => {
          await page.getByText("1 more notice").click();
          await page.getByText("The timer that repeats").waitFor();
          const single = page.getByRole("button", { name: "Run with one worker" });
          assert.equal(await single.filter({ visible: true }).count(), 0);
        },
        { state },
      );
  });
});
