// npm run screenshots: records the example server in a real VS Code and takes the README's pictures of panel and editor, its
// film, and the walkthrough's pictures; `-- readme` or `-- walkthrough`: these alone.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { ensureNodes } from "../../scripts/nodes.mjs";
import { Film } from "./film.ts";
import { hoverMark, panelOf, runCommand } from "./ui.ts";
import { takeWalkthrough, type WalkthroughTheme } from "./walkthrough.ts";
import { openWorkbench } from "./workbench.ts";

const THEMES = { dark: "Default Dark Modern", light: "Default Light Modern", hc: "Default High Contrast" };
const WALKTHROUGH_THEMES: Readonly<Record<WalkthroughTheme, string>> = {
  ...THEMES,
  hcLight: "Default High Contrast Light",
};
const root = fileURLToPath(new URL("../..", import.meta.url));
const pictures = join(root, "docs", "images");
const SLOW = { timeout: 60_000 };
/** So long that the figures have settled and the time line has something to show. */
const RECORDED_MILLIS = 25_000;
const SETTLED_MILLIS = 20_000;
const REPAINT_MILLIS = 2_500;
const HOVER_DRAWN_MILLIS = 600;

/** Of the newest that most have: older ones know less (routes, some locks), and say so in the pictures. */
const NODE = ensureNodes([24]).get(24) ?? "";

const scratch = mkdtempSync(join(tmpdir(), "darcy-screenshots-"));
const workspace = join(scratch, "orders.code-workspace");

function useTheme(theme: string): void {
  const settings = {
    "window.autoDetectColorScheme": false,
    "workbench.colorTheme": theme,
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": true,
    // The marks at the ends of lines have its place.
    "editor.minimap.enabled": false,
    "darcy.workers": 2,
    "darcy.nodePath": NODE,
  };
  writeFileSync(
    workspace,
    JSON.stringify({ folders: [{ path: join(root, "examples", "orders") }], settings }),
  );
}

/** Seconds of the live panel that the film shows, a frame each. */
const FILMED_SECONDS = 8;
const SECOND = 1_000;

async function shoot(page: Page, name: string): Promise<void> {
  const file = join(pictures, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(file);
}

async function inEachTheme(
  page: Page,
  name: string,
  take: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  for (const [theme, label] of Object.entries(THEMES)) {
    useTheme(label);
    await page.waitForTimeout(REPAINT_MILLIS);
    await take(page, `${name}-${theme}`);
  }
}

/** With the hover over the words after the line that joins buffers; new figures may take it away again. */
async function shootHover(page: Page, name: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const hover = await hoverMark(page, "ledger.statement");
    await page.waitForTimeout(HOVER_DRAWN_MILLIS);
    if (!(await hover.isVisible())) continue;
    await shoot(page, name);
    if (await hover.isVisible()) return;
  }
  throw new Error(`${name} would be without its hover.`);
}

async function inWorkbench(act: (page: Page) => Promise<void>): Promise<void> {
  useTheme(THEMES.dark);
  const workbench = await openWorkbench({
    workspace,
    extensionDevelopmentPath: root,
    environment: { PORT: "0" },
    viewport: { width: 1440, height: 900 },
  });
  try {
    await act(workbench.page);
  } finally {
    await workbench.close();
  }
}

async function ofReadme(page: Page): Promise<void> {
  const film = new Film();
  // VS Code itself is busy at first, and prices that are measured then are too high.
  await page.waitForTimeout(SETTLED_MILLIS);
  await runCommand(page, "Darcy: Profile Node Server");
  await page
    .locator(".quick-input-list .monaco-list-row", { hasText: "Orders (wasteful)" })
    .first()
    .click(SLOW);
  const panel = panelOf(page);
  await panel.getByText("Waiting for a request").first().waitFor(SLOW);
  await shoot(page, "panel-empty-dark");
  await film.take(page, 2 * SECOND);
  await panel.getByRole("textbox", { name: /path/i }).fill("/orders");
  // Longer than the pictures take: the last of them is to show a server at work, too.
  await panel.getByLabel("Duration").selectOption("60");
  await panel.getByRole("button", { name: "Drive load" }).last().click();
  await page.mouse.move(5, 500);
  await panel.getByText("stock.js:", { exact: false }).first().waitFor(SLOW);
  for (let second = 0; second < FILMED_SECONDS; second++) {
    await film.take(page, SECOND / 2);
    await page.waitForTimeout(SECOND);
  }
  await page.waitForTimeout(RECORDED_MILLIS - FILMED_SECONDS * SECOND);
  // The first row, with its callers, its holder and what to do.
  const rows = panel.locator(".row:not(.fold-row):not(.header-row):not(.group-row)");
  const open = async (row: Locator) => {
    await row.locator(".cell-chevron").click();
    await panel.locator(".details").first().waitFor(SLOW);
    await page.mouse.move(5, 500);
  };
  await open(rows.first());
  await inEachTheme(page, "panel", shoot);
  useTheme(THEMES.dark);
  await page.waitForTimeout(REPAINT_MILLIS);
  await film.take(page, 3 * SECOND);
  await rows.first().locator(".cell-chevron").click();
  await film.take(page, SECOND);
  const objects = rows.filter({ hasText: "objects" }).first();
  await open(objects);
  await panel.getByRole("tab", { name: "Flame graph" }).click();
  await page.mouse.move(5, 500);
  await page.waitForTimeout(REPAINT_MILLIS);
  await shoot(page, "flame-dark");
  await objects.locator(".cell-chevron").click();
  await panel.getByText("overview.js:10").first().click();
  await page.locator(".tab.active", { hasText: "overview.js" }).waitFor(SLOW);
  await film.take(page, 2 * SECOND);
  await hoverMark(page, "ledger.statement");
  await page.waitForTimeout(HOVER_DRAWN_MILLIS);
  await film.take(page, 3 * SECOND);
  film.write(join(pictures, "darcy.gif"));
  await inEachTheme(page, "editor", shootHover);
  await runCommand(page, "Darcy: Stop");
}

const ofWalkthrough = (page: Page) =>
  takeWalkthrough(page, async (theme) => {
    useTheme(WALKTHROUGH_THEMES[theme]);
    await page.waitForTimeout(REPAINT_MILLIS);
  });

async function main([only]: readonly string[]): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  try {
    if (only !== "walkthrough") await inWorkbench(ofReadme);
    if (only !== "readme") await inWorkbench(ofWalkthrough);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

void main(process.argv.slice(2));
