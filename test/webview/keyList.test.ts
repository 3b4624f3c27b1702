// The panel and the comparison in a real browser: the list of their keys.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { faultsOf, useAxe } from "./axe.ts";
import { rows, seenText, withComparison, withPanel } from "./withPanel.ts";

const GERMAN = JSON.parse(
  readFileSync(new URL("../../l10n/bundle.l10n.de.json", import.meta.url), "utf8"),
) as Readonly<Record<string, string>>;
const list = (page: Page) => page.getByRole("dialog", { name: /^(Keys|Tasten)$/ });
const pressed = (page: Page) => page.locator(".tile[aria-pressed='true']").count();

describe("the list of keys", () => {
  test("? opens it, it has the focus and the keys, Esc closes it and the row has the focus again", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await page.locator(".search input").fill("place");
      await rows(panel).nth(1).focus();
      await page.keyboard.press("?");
      assert.ok(await list(page).isVisible());
      for (const words of ["Everywhere", "Hotspots", "Time line", "Callers", "Flame graph", "Suppress it"])
        assert.ok((await seenText(list(page))).includes(words), words);
      for (let tab = 0; tab < 3; tab++) {
        assert.equal(await page.evaluate(() => document.activeElement?.closest("main") ?? null), null);
        await page.keyboard.press("Tab");
      }
      for (const key of ["1", "/", " "]) await page.keyboard.press(key);
      assert.equal(await pressed(page), 0, "the page below has none of its keys");
      if (!(await list(page).isVisible())) await page.keyboard.press("?");
      await page.keyboard.press("Escape");
      assert.ok(await list(page).isHidden());
      assert.equal(await page.locator(".search input").inputValue(), "place", "Esc is the list's alone");
      assert.equal(await page.locator(".row:focus").count(), 1);
      await page.keyboard.press("1");
      assert.equal(await pressed(page), 1);
    }));

  test("a button in the foot opens it, ? and a click beside it close it; in a field ? is a letter", () =>
    withPanel(async ({ page }) => {
      await page.getByRole("button", { name: "Keys", exact: true }).click();
      await page.keyboard.press("?");
      assert.ok(await list(page).isHidden());
      await page.getByRole("button", { name: "Keys", exact: true }).click();
      await page.mouse.click(2, 2);
      assert.ok(await list(page).isHidden());
      await page.locator(".search input").focus();
      await page.keyboard.type("?");
      assert.ok(await list(page).isHidden());
      assert.equal(await page.locator(".search input").inputValue(), "?");
    }));

  test("the comparison has its own, in German, too, and axe-core has nothing to complain of", async () => {
    for (const [words, name] of [
      [undefined, "Changes"],
      [GERMAN, "Änderungen"],
    ] as const)
      await withComparison(
        async ({ page }) => {
          await useAxe(page);
          await page.keyboard.press("?");
          assert.match(await seenText(list(page)), new RegExp(name));
          assert.deepEqual(await faultsOf(page), []);
          await page.keyboard.press("Escape");
          assert.ok(await list(page).isHidden());
        },
        { words },
      );
  });

  test("it fits, wide and narrow", async () => {
    for (const width of [1200, 480, 320])
      await withPanel(
        async ({ page }) => {
          await page.keyboard.press("?");
          const { left, right, over } = await list(page).evaluate((at) => ({
            ...at.getBoundingClientRect().toJSON(),
            over: at.scrollWidth - at.clientWidth,
          }));
          assert.ok(
            left >= 0 && right <= width && over <= 0,
            `${width} px: ${left} to ${right}, ${over} over`,
          );
          const folder = process.env.DARCY_PICTURES;
          if (folder !== undefined) await page.screenshot({ path: `${folder}/keys-${width}.png` });
        },
        { width, words: GERMAN },
      );
  });
});
