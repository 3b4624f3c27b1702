// The panel and the comparison at every width, theme and language: nothing scrolls sideways, neither the page nor a part
// of it, and no text runs over another.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { COMPARE_STATES } from "./comparisons.ts";
import type { ThemeName } from "./harness.ts";
import { STATES } from "./states.ts";
import { allThemes, withComparison, withPanel } from "./withPanel.ts";

const GERMAN = JSON.parse(
  readFileSync(new URL("../../l10n/bundle.l10n.de.json", import.meta.url), "utf8"),
) as Readonly<Record<string, string>>;
const WIDTHS = [1280, 860, 700, 480, 360, 320] as const;
const LANGUAGES = [
  ["English", undefined],
  ["German", GERMAN],
] as const;

/** What reaches past the page, and what scrolls sideways in itself. */
const tooWide = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const scrolled = [...document.querySelectorAll<HTMLElement>("#app *")]
      .filter((at) => at.scrollWidth > at.clientWidth + 1 && at.clientWidth > 0)
      .filter((at) => ["auto", "scroll"].includes(getComputedStyle(at).overflowX))
      .map((at) => `.${at.className} by ${at.scrollWidth - at.clientWidth}`);
    return scrollWidth > clientWidth ? [`page by ${scrollWidth - clientWidth}`, ...scrolled] : scrolled;
  });

/** Texts that spill over what stands beside or below them. */
const spilling = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".tile-name, .tab, .row .second")]
      .filter((at) => at.checkVisibility() && getComputedStyle(at).display !== "contents")
      .filter((at) => at.scrollWidth > at.clientWidth + 1 || at.scrollHeight > at.clientHeight + 1)
      .map((at) => `${at.className}, ${at.textContent}`),
  );

async function openFirst(page: Page): Promise<void> {
  if ((await page.locator(".details").count()) > 0) return;
  const row = page.locator(".row:not(.fold-row):not(.header-row):not(.group-row)").first();
  if ((await row.count()) > 0 && (await row.isVisible())) await row.locator(".cell-chevron").click();
}

async function atEveryWidth(page: Page, what: string): Promise<string[]> {
  const wide: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const faults = [...(await tooWide(page)), ...(await spilling(page))];
    wide.push(...faults.map((each) => `${what} at ${width}: ${each}`));
  }
  return wide;
}

describe("no sideways scroll", () => {
  for (const [language, words] of LANGUAGES) {
    test(`the panel in ${language}, in every theme and state, with a row open`, async () => {
      for (const theme of Object.keys(allThemes()) as ThemeName[])
        await withPanel(
          async ({ page, send }) => {
            const wide: string[] = [];
            for (const [name, state] of Object.entries(STATES)) {
              await send(state);
              await openFirst(page);
              wide.push(...(await atEveryWidth(page, `${name} in ${theme}`)));
            }
            assert.deepEqual(wide, []);
          },
          { theme, words },
        );
    });
    test(`the comparison in ${language}, in every theme and state, with a row open`, async () => {
      for (const theme of Object.keys(allThemes()) as ThemeName[])
        await withComparison(
          async ({ page, send }) => {
            const wide: string[] = [];
            for (const [name, state] of Object.entries(COMPARE_STATES)) {
              await send(state);
              await openFirst(page);
              wide.push(...(await atEveryWidth(page, `${name} in ${theme}`)));
            }
            assert.deepEqual(wide, []);
          },
          { theme, words },
        );
    });
  }
});
