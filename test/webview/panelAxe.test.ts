// The panel in a real browser: axe-core finds nothing to complain of, in every state, tab and theme, wide and narrow.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultsOf, useAxe } from "./axe.ts";
import type { ThemeName } from "./harness.ts";
import { manyState } from "./manyHotspots.ts";
import { answered } from "./siteDetails.ts";
import { STATES } from "./states.ts";
import { rows, withPanel } from "./withPanel.ts";

const THEMES: readonly ThemeName[] = [
  "dark2026",
  "darkModern",
  "lightModern",
  "light2026",
  "hcDark",
  "hcLight",
];

describe("accessibility", () => {
  // The two generations of dark and of light differ in shades: one of each has all states.
  for (const [theme, width] of [
    ["darkModern", 1200],
    ["lightModern", 1200],
    ["hcDark", 480],
    ["hcLight", 1200],
  ] as const)
    test(`${theme}: every state`, () =>
      withPanel(
        async (panel) => {
          await useAxe(panel.page);
          const found: string[] = [];
          for (const [name, state] of Object.entries(STATES)) {
            await panel.send(state);
            found.push(...(await faultsOf(panel.page)).map((fault) => `${name}: ${fault}`));
          }
          assert.deepEqual(found, []);
        },
        { theme, width },
      ));

  for (const theme of THEMES)
    test(`${theme}: every tab of an open row, the machine sheet, groups, many rows, the keys`, () =>
      withPanel(
        async (panel) => {
          const { page } = panel;
          await useAxe(page);
          await rows(panel).nth(0).click();
          await page.getByRole("button", { name: "Machine sheet" }).click();
          const found: string[] = [];
          for (const [at, view] of (["callers", "flame", "grid"] as const).entries()) {
            await page.getByRole("tab").nth(at).click();
            await panel.send(answered(view));
            found.push(...(await faultsOf(page)).map((fault) => `${view}: ${fault}`));
          }
          await page.getByLabel("Group hotspots").selectOption("file");
          await rows(panel).nth(1).click();
          found.push(...(await faultsOf(page)).map((fault) => `groups: ${fault}`));
          await panel.send(manyState(2_000));
          found.push(...(await faultsOf(page)).map((fault) => `many rows: ${fault}`));
          await page.locator(".chart").focus();
          await page.keyboard.press("?");
          found.push(...(await faultsOf(page)).map((fault) => `keys: ${fault}`));
          assert.deepEqual(found, []);
        },
        { theme, width: theme === "lightModern" ? 400 : 1084 },
      ));
});
