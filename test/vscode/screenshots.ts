// npm run screenshots: records the example server in a real VS Code and takes the README's pictures of panel and editor.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { panelOf, runCommand } from "./ui.ts";
import { openWorkbench } from "./workbench.ts";

const THEMES = { dark: "Default Dark Modern", light: "Default Light Modern", hc: "Default High Contrast" };
const root = fileURLToPath(new URL("../..", import.meta.url));
const pictures = join(root, "docs", "images");
const SLOW = { timeout: 60_000 };
/** So long that the figures have settled and the time line has something to show. */
const RECORDED_MILLIS = 25_000;
const REPAINT_MILLIS = 2_500;

const scratch = mkdtempSync(join(tmpdir(), "darcy-screenshots-"));
const workspace = join(scratch, "orders.code-workspace");

function useTheme(theme: string): void {
  const settings = {
    "window.autoDetectColorScheme": false,
    "workbench.colorTheme": theme,
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": true,
    "darcy.workers": 2,
  };
  writeFileSync(
    workspace,
    JSON.stringify({ folders: [{ path: join(root, "examples", "orders") }], settings }),
  );
}

async function shoot(page: Page, name: string): Promise<void> {
  const file = join(pictures, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(file);
}

async function inEachTheme(page: Page, name: string, before: () => Promise<void>): Promise<void> {
  for (const [theme, label] of Object.entries(THEMES)) {
    useTheme(label);
    await page.waitForTimeout(REPAINT_MILLIS);
    await before();
    await shoot(page, `${name}-${theme}`);
  }
}

/** Over the words after the line that joins buffers. */
async function hoverMark(page: Page): Promise<void> {
  const spot = await page.evaluate(() => {
    const line = [...document.querySelectorAll(".view-line")].find(({ textContent }) =>
      textContent?.includes("ledger.statement"),
    );
    const marked = [...(line?.querySelectorAll("span") ?? [])].find((span) =>
      getComputedStyle(span, "::after").content.includes("µs/req"),
    );
    const box = marked?.getBoundingClientRect();
    return box === undefined ? null : { x: box.right - 20, y: (box.top + box.bottom) / 2 };
  });
  if (spot === null) throw new Error("The line is not marked.");
  await page.mouse.move(400, 800);
  await page.mouse.move(spot.x, spot.y);
  await page.waitForTimeout(1_500);
}

async function main(): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  useTheme(THEMES.dark);
  const workbench = await openWorkbench({
    workspace,
    extensionDevelopmentPath: root,
    environment: { PORT: "0" },
    viewport: { width: 1440, height: 900 },
  });
  const { page } = workbench;
  try {
    await runCommand(page, "Darcy: Profile Node Server");
    await page
      .locator(".quick-input-list .monaco-list-row", { hasText: "Orders (wasteful)" })
      .first()
      .click(SLOW);
    const panel = panelOf(page);
    await panel.getByText("Waiting for a request").first().waitFor(SLOW);
    await shoot(page, "panel-empty-dark");
    await panel.getByRole("textbox", { name: /path/i }).fill("/orders");
    await panel.getByRole("button", { name: "Drive load" }).last().click();
    await page.mouse.move(5, 500);
    await panel.getByText("stock.js:", { exact: false }).first().waitFor(SLOW);
    await page.waitForTimeout(RECORDED_MILLIS);
    await inEachTheme(page, "panel", async () => undefined);
    await panel.getByText("overview.js:10").first().click();
    await page.locator(".tab.active", { hasText: "overview.js" }).waitFor(SLOW);
    await inEachTheme(page, "editor", () => hoverMark(page));
    await runCommand(page, "Darcy: Stop");
  } finally {
    await workbench.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

void main();
