// The panel and the comparison in a real browser: what only shows when one looks closely: bars of what is not known, even rows.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { COMPARE_STATES } from "./comparisons.ts";
import { withComparison, withPanel, withReport } from "./withPanel.ts";

const processorParts = (page: Page) =>
  page
    .locator(".budget.processor .budget-part")
    .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().width));

test("a bar is empty where the whole is not known: full, it would say that all of it is taken", async () => {
  await withPanel(async ({ page }) => assert.deepEqual(await processorParts(page), [0, 0, 0]), {
    state: withReport({ processorMicrosPerRequest: null }),
  });
  await withComparison(async ({ page }) => assert.deepEqual(await processorParts(page), [0, 0, 0]), {
    state: COMPARE_STATES.unavailable,
  });
});

test("workers and threads stand in even rows, the last one too", () =>
  withPanel(async ({ page }) => {
    const tops = await page.locator(".worker-table tbody:not(.wake-rows)").evaluateAll((bodies) =>
      bodies.map((body) =>
        [...body.querySelectorAll("tr")].map((row) => {
          const name = document.createRange();
          name.selectNodeContents(row.cells[0] ?? row);
          return Math.round(name.getBoundingClientRect().top);
        }),
      ),
    );
    for (const rows of tops) {
      const steps = rows.slice(1).map((top, at) => top - (rows[at] ?? 0));
      assert.ok(new Set(steps).size <= 1, rows.join(" "));
    }
  }));
