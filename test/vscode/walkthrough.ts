// npm run screenshots: the pictures of the walkthrough's steps, in a dark and a light theme.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../scripts/vscode.mjs";
import { hoverMark, panelOf, runCommand } from "./ui.ts";

const PICTURES = join(root, "media", "walkthrough");
const SLOW = { timeout: 60_000 };
const HOVER_DRAWN_MILLIS = 600;
const MEASURED_MILLIS = 15_000;
/** So small that most of it is readable where a walkthrough shows it, beside its steps, and nothing is cut. */
const VIEWPORT = { width: 1120, height: 700 };
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
  useTheme: (theme: "dark" | "light") => Promise<void>,
): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const shoot = async (name: string, theme: string, clip: Clip) => {
    const path = join(PICTURES, `${name}-${theme}.jpg`);
    await page.screenshot({ path, type: "jpeg", quality: 55, clip });
    console.log(path);
  };
  /** One state in both themes. */
  const inBoth = async (name: string, clip: Clip, prepare: () => Promise<void> = async () => undefined) => {
    for (const theme of ["dark", "light"] as const) {
      await useTheme(theme);
      await prepare();
      await shoot(name, theme, clip);
    }
  };
  await page.setViewportSize(VIEWPORT);
  await runCommand(page, "View: Toggle Primary Side Bar Visibility");
  const targets = page
    .locator(".quick-input-list .monaco-list-row", { hasText: "Orders (wasteful)" })
    .first();
  await inBoth("profile", QUICK_PICK, async () => {
    await page.keyboard.press("Escape");
    await runCommand(page, "Darcy: Profile Node Server");
    await targets.waitFor(SLOW);
  });
  await targets.click(SLOW);
  const panel = panelOf(page);
  await panel.getByText("Waiting for a request").first().waitFor(SLOW);
  const shown = await page.locator("iframe.webview.ready").last().boundingBox();
  assert.ok(shown !== null);
  const clip = { x: shown.x, y: shown.y, width: shown.width, height: VIEWPORT.height - shown.y - 24 };
  await panel.getByRole("textbox", { name: /path/i }).fill("/orders");
  await inBoth("load", clip);
  await panel.getByLabel("Duration").selectOption("60");
  await panel.getByRole("button", { name: "Drive load" }).last().click();
  await panel.getByText("stock.js:", { exact: false }).first().waitFor(SLOW);
  await page.waitForTimeout(MEASURED_MILLIS);
  await page.mouse.move(5, 500);
  await inBoth("panel", clip);
  await panel.getByText("overview.js:10").first().click();
  await page.locator(".tab.active", { hasText: "overview.js" }).waitFor(SLOW);
  // The hover may stand higher than the editor.
  const whole = { ...clip, y: 0, height: clip.y + clip.height };
  await inBoth("editor", whole, async () => {
    await hoverMark(page, "ledger.statement");
    await page.waitForTimeout(HOVER_DRAWN_MILLIS);
  });
  await runCommand(page, "Darcy: Stop");
}
