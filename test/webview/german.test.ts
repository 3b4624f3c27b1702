// The panel and the comparison in German, in a real browser: no English is left, and nothing is cut that English has room for.
// DARCY_PICTURES=FOLDER keeps a picture of each, at all widths.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { COMPARE_STATES } from "./comparisons.ts";
import { STATES } from "./states.ts";
import { withComparison, withPanel } from "./withPanel.ts";

const WORDS = JSON.parse(
  readFileSync(new URL("../../l10n/bundle.l10n.de.json", import.meta.url), "utf8"),
) as Readonly<Record<string, string>>;
const PICTURES = process.env.DARCY_PICTURES;
const ALL_WIDTHS = [1200, 720, 360] as const;
/** Of these words have to fit at every width; the others are looked at at one. */
const FITTED = new Set(["recording", "spells", "waiting", "error", "traded"]);
const widthsOf = (name: string) =>
  PICTURES !== undefined || FITTED.has(name) ? ALL_WIDTHS : ALL_WIDTHS.slice(0, 1);

/** All texts of the page, also those on hover and for screen readers. */
const textsIn = (page: Page) =>
  page.evaluate(() => {
    const texts = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      // What the host says is in the host's language: of the fixtures, English.
      if (node.parentElement?.closest("script, style, select, .advice, .notice-area, .empty-text") === null)
        texts.add(node.textContent ?? "");
    for (const name of ["title", "aria-label", "placeholder", "aria-valuetext"])
      for (const at of document.querySelectorAll(`[${name}]`)) texts.add(at.getAttribute(name) ?? "");
    return [...texts].flatMap((text) => text.split("\n")).map((text) => text.trim());
  });

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** Said by the host, as the fixtures have it. */
const SAID_BY_HOST = new Set([
  "External server",
  "Choose the baseline",
  "Choose the newer one",
  "VS Code kept this tab, “{0}”, but not which files it compared.",
]);
/** Texts that differ in German; one with holes has to have words of its own to be told from others. */
const ENGLISH = Object.entries(WORDS)
  .filter(([english, german]) => english !== german && !SAID_BY_HOST.has(english))
  .filter(([english]) => !english.includes("{") || (english.match(/[A-Za-z]{3,}/g)?.length ?? 0) > 1)
  .map(([english]) => new RegExp(`^${escaped(english).replace(/\\\{\d\\\}/g, ".+")}$`));

/** Words of the page that are cut, by their place: what has no room ends in an ellipsis. */
const cutIn = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("#app *")]
      .filter(
        (at) =>
          at.clientWidth > 0 &&
          at.scrollWidth > at.clientWidth + 1 &&
          getComputedStyle(at).overflowX !== "visible" &&
          // A site's parts end in an ellipsis of their own, by the length of the user's names.
          !at.matches(
            ".hidden, .hidden *, input, pre, code, .flame-frame *, .flame-frame, .cell-site, .cell-site *",
          ),
      )
      .map((at) => at.className),
  );

const newlyCut = (german: readonly string[], english: readonly string[]) =>
  german.filter((at) => !english.includes(at));
const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

async function look(page: Page, name: string, width: number): Promise<void> {
  if (PICTURES !== undefined)
    await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`), fullPage: true });
}

/** Opens the first row, where there is one. */
async function openRow(page: Page): Promise<void> {
  const row = page.locator(".row:not(.fold-row):not(.header-row)").first();
  if ((await row.count()) > 0 && (await row.isVisible())) await row.locator(".cell-chevron").click();
}

describe("German", () => {
  for (const [name, state] of Object.entries(STATES))
    test(`the panel, ${name}: no English is left, nothing is cut that English has room for`, async () => {
      for (const width of widthsOf(name)) {
        let fits: string[] | null = null;
        if (FITTED.has(name))
          await withPanel(
            async ({ page }) => {
              await openRow(page);
              fits = await cutIn(page);
            },
            { state, width },
          );
        await withPanel(
          async ({ page }) => {
            await openRow(page);
            await look(page, name, width);
            const texts = await textsIn(page);
            assert.deepEqual(
              texts.filter((text) => ENGLISH.some((english) => english.test(text))),
              [],
            );
            assert.equal(await page.locator("html").getAttribute("lang"), "de");
            assert.ok((await widthOf(page)) <= width, `wider than ${width}`);
            if (fits !== null) assert.deepEqual(newlyCut(await cutIn(page), fits), [], `cut at ${width}`);
          },
          { state, width, words: WORDS },
        );
      }
    });

  for (const [name, state] of Object.entries(COMPARE_STATES))
    test(`the comparison, ${name}: no English is left, nothing is cut that English has room for`, async () => {
      for (const width of widthsOf(name)) {
        let fits: string[] | null = null;
        if (FITTED.has(name))
          await withComparison(
            async ({ page }) => {
              await openRow(page);
              fits = await cutIn(page);
            },
            { state, width },
          );
        await withComparison(
          async ({ page }) => {
            await openRow(page);
            await look(page, `compare-${name}`, width);
            const texts = await textsIn(page);
            assert.deepEqual(
              texts.filter((text) => ENGLISH.some((english) => english.test(text))),
              [],
            );
            assert.ok((await widthOf(page)) <= width, `wider than ${width}`);
            if (fits !== null) assert.deepEqual(newlyCut(await cutIn(page), fits), [], `cut at ${width}`);
          },
          { state, width, words: WORDS },
        );
      }
    });
});
