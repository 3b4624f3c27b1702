// Benchmark of the panel: a recording as a page of its own, opened from disk in Chromium as its reader does: when its first figures
// are painted, and how long the page's main thread is held up, by Chromium's trace, while it opens and while a span is brushed.

import { statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import type { Profile } from "../../../src/model/profile.ts";
import type { PanelState, Range, ToPanel } from "../../../src/protocol/panel.ts";
import { wholeFigures } from "../../../src/recording/front.ts";
import { formatHtml } from "../../../src/report/html.ts";
import { readPageParts } from "../../../src/report/pageParts.ts";
import { launchChromium } from "../../webview/harness.ts";
import { tasksOf, traced } from "./scroll.ts";

const DEADLINE_MS = 300_000;
/** Of a drag over a third of the hour: two seconds of the hand. */
const STEPS = 40;
const STEP_MILLIS = 50;

/** @param distFolder the built one */
export async function pageInBrowser(profile: Profile, scratch: string, distFolder: string): Promise<void> {
  const file = path.join(scratch, "large.html");
  const before = process.cpuUsage();
  const parts = await readPageParts(distFolder, "panel");
  writeFileSync(file, formatHtml(profile, wholeFigures(profile), "large.darcy", parts));
  const { user, system } = process.cpuUsage(before);
  console.log(
    `page: ${(statSync(file).size / 1e6).toFixed(1)} MB, made in ${((user + system) / 1_000).toFixed(0)} ms of processor time`,
  );
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    // tsx keeps function names by a helper that the page does not have.
    await page.addInitScript("globalThis.__name = (value) => value");
    await page.addInitScript(watch);
    let painted = 0;
    await told(browser, page, "opening", async () => {
      await page.goto(pathToFileURL(file).href, { timeout: DEADLINE_MS, waitUntil: "commit" });
      await page.waitForFunction(() => "paintedAt" in window, undefined, { timeout: DEADLINE_MS });
      painted = await page.evaluate(() => (window as unknown as { paintedAt: number }).paintedAt);
    });
    console.log(`  first figures painted ${painted.toFixed(0)} ms after the page was asked for`);
    await told(browser, page, "reading all lines", () =>
      page.waitForFunction(isWhole, undefined, { timeout: DEADLINE_MS }),
    );
    await told(browser, page, "brushing a third of it", async () => {
      const box = await page.locator("canvas.chart").boundingBox();
      if (box === null) throw new Error("There is no time line.");
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + box.width / 3, y);
      await page.mouse.down();
      for (let step = 1; step <= STEPS; step++) {
        await page.mouse.move(box.x + (box.width / 3) * (1 + step / STEPS), y);
        await page.waitForTimeout(STEP_MILLIS);
      }
      await page.mouse.up();
      await page.waitForFunction(isAnswered, undefined, { timeout: DEADLINE_MS });
    });
  } finally {
    await browser.close();
  }
}

interface Watched {
  paintedAt?: number;
  shown?: PanelState;
}

/** In the page, before all else. */
function watch(): void {
  performance.mark("main-thread");
  const watched = window as unknown as Watched;
  window.addEventListener("message", ({ data }: MessageEvent<ToPanel>) => {
    if (data.type === "state") watched.shown = data.state;
  });
  const look = () => {
    if (document.querySelector(".row") === null) return requestAnimationFrame(look);
    requestAnimationFrame(() =>
      setTimeout(() => {
        watched.paintedAt = performance.now();
      }),
    );
  };
  requestAnimationFrame(look);
}

/** In the page: the list has all lines, and is drawn. */
function isWhole(): boolean {
  const { shown } = window as unknown as Watched;
  return shown !== undefined && shown.othersFollow !== true && document.querySelector(".fold-row") !== null;
}

/** In the page: the span that the reader chose is shown. */
function isAnswered(): boolean {
  const { acquireVsCodeApi, shown } = window as unknown as Watched & {
    acquireVsCodeApi(): { getState(): { readonly range: Range | null } };
  };
  const { range } = acquireVsCodeApi().getState();
  return range !== null && shown?.range?.fromMs === range.fromMs && shown.range.toMs === range.toMs;
}

async function told(browser: Browser, page: Page, name: string, act: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  const events = await traced(browser, page, async () => {
    await page.evaluate(() => performance.mark("main-thread"));
    await act();
    // What has come is drawn with the next frame.
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
  });
  const took = performance.now() - began;
  const mark = events.findLast((event) => event.name === "main-thread");
  if (mark === undefined) throw new Error("The trace does not tell the page's thread.");
  const tasks = tasksOf(events, mark);
  const longest = (of: (task: (typeof tasks)[number]) => number | undefined) =>
    (Math.max(0, ...tasks.map((task) => of(task) ?? 0)) / 1_000).toFixed(0);
  const sum = tasks.reduce((all, { tdur = 0 }) => all + tdur, 0) / 1_000;
  console.log(
    `${name}: ${took.toFixed(0)} ms; the main thread's longest task ${longest(({ dur }) => dur)} ms, ${longest(({ tdur }) => tdur)} ms of processor time (of ${sum.toFixed(0)})`,
  );
}
