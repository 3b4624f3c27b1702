// Exports in a real browser, opened by the tool that they are for: speedscope itself reads the pprof and its own format.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { EXPORT_ENDING, type ExportFormat, exportProfile } from "../../src/report/exports/formats.ts";
import { knownRun } from "../unit/knownPair.ts";
import { launchChromium } from "./harness.ts";

const DEADLINE_MS = 60_000;
const SPEEDSCOPE = createRequire(import.meta.url).resolve("speedscope/dist/release/index.html");
const folder = mkdtempSync(join(tmpdir(), "darcy exports "));
let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** The names in speedscope's own list of functions once it has read the file, of the profile that it shows first. */
async function functionsIn(format: ExportFormat): Promise<string> {
  const name = `known${EXPORT_ENDING[format]}`;
  const bytes = exportProfile(knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500 } }), format, "known");
  const loader = join(folder, `${format}.js`);
  const base64 = JSON.stringify(Buffer.from(bytes).toString("base64"));
  writeFileSync(loader, `speedscope.loadFileFromBase64(${JSON.stringify(name)}, ${base64})`);
  const page = await browser.newPage();
  try {
    // The view that is a list: the others are drawn.
    await page.goto(`${pathToFileURL(SPEEDSCOPE).href}#localProfilePath=${loader}&view=sandwich`);
    await page.getByText("readBody").first().waitFor({ timeout: DEADLINE_MS });
    return (await page.locator("body").textContent()) ?? "";
  } finally {
    await page.close();
  }
}

// 6,000 requests: 800 bytes serialised at 2 ns, 4,000 copied at 0.016 ns; 24,000,000 bytes are 22.89 MB of 2^20.
for (const [format, figures] of [
  ["pprof", ["9.60ms", "384.00µs"]],
  ["speedscope", ["22.89 MB", "4.58 MB"]],
] as const)
  test(`speedscope opens ${format}, and shows its figures`, async () => {
    const seen = await functionsIn(format);
    for (const words of ["readBody", "Buffer.from", "answer", ...figures])
      assert.ok(seen.includes(words), `${words} in ${seen}`);
  });
