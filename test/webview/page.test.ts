// Reports as one page in a real browser, opened as a file: the panel's figures and a comparison's, their policy, their
// themes, nothing fetched.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { writeProfile } from "../../src/collector/profileFile.ts";
import type { PanelState } from "../../src/protocol/panel.ts";
import { figuresOf } from "../../src/recording/figures.ts";
import { wholeFigures } from "../../src/recording/front.ts";
import { formatComparisonHtml, formatHtml } from "../../src/report/html.ts";
import type { PageParts } from "../../src/report/page.ts";
import { readPageParts } from "../../src/report/pageParts.ts";
import { resolveSources } from "../../src/sources/resolve.ts";
import { makeSession } from "../bench/panel/session.ts";
import { root } from "../runtime/recordProgram.ts";
import { knownRun } from "../unit/knownPair.ts";
import { faultsOf, useAxe } from "./axe.ts";
import { launchChromium } from "./harness.ts";

const DEADLINE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), "darcy page "));
const file = join(folder, "known run.html");
const compared = join(folder, "compared.html");
const profile = knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500 } });
let parts: PageParts;
let browser: Browser;
before(async () => {
  const title = 'monday</script><b>"&.darcy';
  parts = await readPageParts(join(root, "dist"), "panel");
  writeFileSync(file, formatHtml(profile, wholeFigures(profile), title, parts));
  const mended = knownRun({ copied: 1_000, handOffs: 4, waits: { 20: 500 } });
  writeFileSync(
    compared,
    formatComparisonHtml(
      { profile, name: 'mon</script><b>"&day' },
      { profile: mended, name: "tuesday" },
      await readPageParts(join(root, "dist"), "compare"),
    ),
  );
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

interface Heard {
  readonly states: PanelState[];
}

async function opened(
  act: (opened: Opened) => Promise<void>,
  { from = file, ...options }: { readonly from?: string; readonly [option: string]: unknown } = {},
): Promise<void> {
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
    await page.goto(pathToFileURL(from).href);
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
    // Its worker's script is its own, too.
    const others = asked.filter((address) => !address.startsWith("blob:null/"));
    assert.deepEqual(others, [pathToFileURL(file).href]);
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

/** Drags over the time line, and waits for figures of what it passed over. */
async function brush(page: Page): Promise<void> {
  const box = await page.locator("canvas.chart").boundingBox();
  assert.ok(box !== null);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 0.4 * box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.7 * box.width, y, { steps: 4 });
  await page.mouse.up();
}

test("a span that is brushed, and the rows opened in it, are computed by the worker, by the panel's own model", () =>
  opened(async ({ page }) => {
    await page.evaluate(() => {
      Object.assign(window, { states: [] });
      window.addEventListener("message", ({ data }) => (window as unknown as Heard).states.push(data.state));
    });
    await brush(page);
    await page.waitForFunction(() => (window as unknown as Heard).states.at(-1)?.range != null, undefined, {
      timeout: DEADLINE_MS,
    });
    const shown = await page.evaluate(() => (window as unknown as Heard).states.at(-1));
    assert.ok(shown !== undefined && shown.range !== null && page.workers().length === 1);
    const { report, scope, series } = figuresOf(profile, 0, shown.range);
    const { others = null } = shown;
    assert.deepEqual(
      { report: shown.report, scope: shown.scope, series: shown.series, others },
      { ...JSON.parse(JSON.stringify({ report, scope, series })), others: null },
    );
    await page.locator(".row").first().click();
    await page.getByRole("treeitem").first().waitFor({ timeout: DEADLINE_MS });
  }));

test("of many lines the first show at once, and the others once the worker has read them", async () => {
  const many = join(folder, "many.html");
  const size = { events: 200_000, stacks: 2_000, seconds: 20, workers: 2, samplesPerSecond: 50 };
  const session = await resolveSources(makeSession(size));
  const figures = wholeFigures(session);
  writeFileSync(many, formatHtml(session, figures, "many", parts));
  await opened(
    async ({ page }) => {
      await page.getByText("More lines are being read.").waitFor({ state: "hidden", timeout: DEADLINE_MS });
      await page.locator(".fold-row").click();
      const rows = await page.locator(".grid").getAttribute("aria-rowcount");
      const { report, others } = figures;
      // The header and the fold's own row are rows, too.
      assert.equal(Number(rows), report.hotspots.length + (others?.rows ?? 0) + 2);
    },
    { from: many },
  );
});

test("where no worker may run, or the recording was damaged on its way, the whole session shows, and why nothing else does", async () => {
  const html = readFileSync(file, "utf8");
  for (const [name, damaged, words] of [
    ["forbidden", html.replace("worker-src blob:", "worker-src 'none'"), "does not let this page compute"],
    [
      "cut",
      html.replace(/(id="darcy-recording"[^>]*>[^<]{200})[^<]*/, "$1"),
      "The recording in this page is damaged.",
    ],
  ] as const) {
    const other = join(folder, `${name}.html`);
    writeFileSync(other, damaged);
    await opened(
      async ({ page, faults }) => {
        await brush(page);
        await page.getByText(words).first().waitFor({ timeout: DEADLINE_MS });
        assert.ok(await page.getByText("readBody").first().isVisible());
        faults.length = 0;
      },
      { from: other },
    );
  }
});

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

test("a comparison is a page, too: both sides' figures, no controls that nobody answers, nothing asked of anybody", () =>
  opened(
    async ({ page, asked }) => {
      const text = (await page.locator("body").textContent()) ?? "";
      for (const words of [
        'mon</script><b>"&day',
        "tuesday",
        "A copy was traded for a hand-off.",
        "readBody",
      ])
        assert.ok(text.includes(words), words);
      assert.deepEqual(asked, [pathToFileURL(compared).href]);
      assert.equal(await page.title(), 'mon</script><b>"&day → tuesday – Darcy');
      assert.equal(await page.locator(".controls").isVisible(), false);
      assert.equal(await page.locator("select").first().isVisible(), false);
      await page.locator(".row:not(.fold-row)").first().focus();
      await page.keyboard.press("Enter");
      await page.getByRole("table", { name: "This site on either side" }).waitFor({ timeout: DEADLINE_MS });
    },
    { from: compared },
  ));

test("a comparison's page is clean to axe in the reader's themes", async () => {
  for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }, { contrast: "more" }])
    await opened(
      async ({ page }) => {
        await useAxe(page);
        assert.deepEqual(await faultsOf(page), []);
      },
      { from: compared, bypassCSP: true, ...options },
    );
});

test("the command line writes it, and tells two files of one name apart by their folders", async () => {
  const side = (name: string, run: Parameters<typeof knownRun>[0]) => {
    mkdirSync(join(folder, name));
    return writeProfile(join(folder, name, "orders.darcy"), knownRun(run));
  };
  await side("monday", { copied: 4_000, handOffs: 2 });
  await side("tuesday", { copied: 1_000, handOffs: 2 });
  const page = join(folder, "by the command line.html");
  const files = ["monday/orders.darcy", "tuesday/orders.darcy"];
  execFileSync(
    process.execPath,
    [join(root, "dist", "cli.js"), "compare", ...files, "--format", "html", "--out", page],
    { cwd: folder, stdio: "pipe" },
  );
  await opened(
    async (shown) => {
      assert.equal(await shown.page.title(), "orders (monday) → orders (tuesday) – Darcy");
      assert.ok(await shown.page.locator(".group-row", { hasText: "Less" }).isVisible());
    },
    { from: page },
  );
});

test("a page that was damaged on its way says so", async () => {
  const cut = join(folder, "cut.html");
  const html = readFileSync(compared, "utf8");
  writeFileSync(cut, html.replace(/(id="darcy-shown"[^>]*>[^<]{200})[^<]*/, "$1"));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(pathToFileURL(cut).href);
    await page.getByText("The comparison in this page is damaged.").first().waitFor({ timeout: DEADLINE_MS });
  } finally {
    await context.close();
  }
});
