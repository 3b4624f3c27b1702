// A report as one page in a real browser, opened as a file: the panel's figures, its policy, its themes, nothing fetched.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { formatHtml } from "../../src/report/html.ts";
import { readPageParts } from "../../src/report/pageParts.ts";
import { root } from "../runtime/recordProgram.ts";
import { knownRun } from "../unit/knownPair.ts";
import { launchChromium } from "./harness.ts";

const DEADLINE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), "darcy page "));
const file = join(folder, "known run.html");
let browser: Browser;
before(async () => {
  const title = 'monday</script><b>"&.darcy';
  const profile = knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500 } });
  writeFileSync(file, formatHtml(profile, title, await readPageParts(join(root, "dist"))));
  browser = await launchChromium();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  readonly faults: string[];
  readonly asked: string[];
}

async function opened(act: (opened: Opened) => Promise<void>, options: object = {}): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    locale: "en-US",
    ...options,
  });
  try {
    const page = await context.newPage();
    const faults: string[] = [];
    const asked: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
    });
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await page.locator(".row").first().waitFor({ timeout: DEADLINE_MS });
    await act({ page, faults, asked });
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

test("it shows the panel with the recording's figures, and asks nothing of anybody", () =>
  opened(async ({ page, asked }) => {
    const text = (await page.locator("body").textContent()) ?? "";
    for (const words of ["Read-only", "Whole session", "readBody", "Buffer.from", "1,000 req/s", "500"])
      assert.ok(text.includes(words), words);
    assert.deepEqual(asked, [pathToFileURL(file).href]);
    assert.equal(await page.title(), 'monday</script><b>"&.darcy – Darcy');
    assert.equal(await page.locator(".controls").isVisible(), false);
  }));

test("a row opens, the filter filters", () =>
  opened(async ({ page }) => {
    await page.locator(".row").first().click();
    await page.locator(".details").first().waitFor({ timeout: DEADLINE_MS });
    await page.keyboard.press("/");
    await page.keyboard.type("answer");
    await page.waitForFunction(
      () => document.querySelectorAll(".row:not(.fold-row)").length === 1,
      undefined,
      { timeout: DEADLINE_MS },
    );
  }));

test("its policy lets no other script or style in", () =>
  opened(async ({ page, faults }) => {
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "globalThis.intruder = true";
      document.body.append(script);
      return "intruder" in globalThis;
    });
    assert.equal(ran, false);
    assert.ok(
      faults.some((fault) => /Content Security Policy/.test(fault)),
      faults.join("\n"),
    );
    faults.length = 0;
    const policy = await page.locator("meta[http-equiv]").getAttribute("content");
    assert.doesNotMatch(policy ?? "", /unsafe|\*|https?:/);
  }));

for (const [name, options, expected] of [
  ["light", { colorScheme: "light" }, ["rgb(255, 255, 255)", "vscode-light"]],
  ["dark", { colorScheme: "dark" }, ["rgb(31, 31, 31)", "vscode-dark"]],
  ["high contrast", { colorScheme: "dark", contrast: "more" }, ["rgb(0, 0, 0)", "vscode-high-contrast"]],
] as const)
  test(`it follows the reader's theme: ${name}`, () =>
    opened(async ({ page }) => {
      const seen = await page.evaluate(() => [
        getComputedStyle(document.body).backgroundColor,
        document.body.className.trim(),
      ]);
      assert.deepEqual(seen, expected);
    }, options));
