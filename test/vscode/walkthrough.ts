// npm run screenshots: the pictures of the walkthrough's steps, in each kind of theme that it tells apart.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../scripts/vscode.mjs";
import { smallPicture } from "./smallPicture.ts";
import { hoverMark, panelOf, runCommand } from "./ui.ts";

const PICTURES = join(root, "media", "walkthrough");
const SLOW = { timeout: 60_000 };
const HOVER_DRAWN_MILLIS = 600;
const MEASURED_MILLIS = 15_000;
/** So small that most of it is readable where a walkthrough shows it, beside its steps. */
const VIEWPORT = { width: 1120, height: 690 };
const THEMES = ["dark", "light", "hc", "hcLight"] as const;
export type WalkthroughTheme = (typeof THEMES)[number];
const GLYPHS: Readonly<Record<WalkthroughTheme, string>> = {
  dark: "dark",
  light: "light",
  hc: "hc-dark",
  hcLight: "hc-light",
};
const TABS_Y = 36;
const MARGIN = 24;
/** With some lines below the one that is hovered over. */
const EDITOR_HEIGHT = 416;
const QUICK_PICK: Clip = { x: 240, y: 0, width: 640, height: 190 };

interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @param useTheme waits until the theme is drawn */
export async function takeWalkthrough(
  page: Page,
  useTheme: (theme: WalkthroughTheme) => Promise<void>,
): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const shoot = async (name: string, theme: string, clip: Clip) => {
    const path = join(PICTURES, `${name}-${theme}.png`);
    writeFileSync(path, smallPicture(await page.screenshot({ clip })));
    console.log(path);
  };
  /** One state in each. */
  const inEach = async (
    name: string,
    clip: Clip,
    prepare: (theme: WalkthroughTheme) => Promise<void> = async () => undefined,
  ) => {
    for (const theme of THEMES) {
      await useTheme(theme);
      await prepare(theme);
      await shoot(name, theme, clip);
    }
  };
  await page.setViewportSize(VIEWPORT);
  await runCommand(page, "View: Toggle Primary Side Bar Visibility");
  const targets = page
    .locator(".quick-input-list .monaco-list-row", { hasText: "Orders (wasteful)" })
    .first();
  await inEach("profile", QUICK_PICK, async () => {
    // What it rests on may tell of itself, and on a busy machine some of that stays: then the list is opened anew.
    const hover = page.locator(".workbench-hover:visible");
    for (let attempt = 0; attempt === 0 || (attempt < 10 && (await hover.count()) > 0); attempt++) {
      await page.keyboard.press("Escape");
      await runCommand(page, "Darcy: Profile Node Server");
      await targets.waitFor(SLOW);
      for (const x of [5, 600, 5]) {
        await page.mouse.move(x, 500 + x / 6);
        await page.waitForTimeout(200);
      }
    }
    assert.equal(await hover.count(), 0, "a hover stays");
  });
  await targets.click(SLOW);
  const panel = panelOf(page);
  await panel.getByText("Waiting for a request").first().waitFor(SLOW);
  const shown = await page.locator("iframe.webview.ready").last().boundingBox();
  assert.ok(shown !== null);
  const clip = { x: shown.x, y: shown.y, width: shown.width, height: VIEWPORT.height - shown.y - 24 };
  await panel.getByRole("textbox", { name: /path/i }).fill("/orders");
  const last = await panel.locator("code.curl").boundingBox();
  assert.ok(last !== null);
  await inEach("load", { ...clip, height: last.y + last.height + MARGIN - clip.y });
  await panel.getByLabel("Duration").selectOption("60");
  await panel.getByRole("button", { name: "Drive load" }).last().click();
  await panel.getByText("stock.js:", { exact: false }).first().waitFor(SLOW);
  await page.waitForTimeout(MEASURED_MILLIS);
  await page.mouse.move(5, 500);
  await inEach("panel", clip);
  await panel.getByText("overview.js:10").first().click();
  await page.locator(".tab.active", { hasText: "overview.js" }).waitFor(SLOW);
  // The hover stands above the line, as high as the tabs.
  await inEach("editor", { ...clip, y: TABS_Y, height: EDITOR_HEIGHT }, async (theme) => {
    const glyph = page.locator(`.monaco-hover:visible img[src*="allocations-${GLYPHS[theme]}.svg"]`);
    for (let attempt = 0; attempt < 10; attempt++) {
      // One that was made before the theme changed has the glyphs of the one before, and stays while the pointer is near.
      await page.mouse.move(5, 500);
      await page
        .locator(".monaco-hover:visible")
        .first()
        .waitFor({ state: "hidden", ...SLOW });
      await hoverMark(page, "ledger.statement");
      if (await glyph.first().isVisible()) break;
    }
    await glyph.first().waitFor(SLOW);
    await page.waitForTimeout(HOVER_DRAWN_MILLIS);
  });
  await runCommand(page, "Darcy: Stop");
}
