// Benchmark of the panel: a real recording in a real VS Code: what the live panel costs the extension host and the browser's
// processes, seen and hidden, and how long after a request its figures change.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as ask } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { ensureNodes } from "../../../scripts/nodes.mjs";
import { panelOf, runCommand } from "../../vscode/ui.ts";
import { openWorkbench } from "../../vscode/workbench.ts";
import { Load } from "../client.ts";
import { cpuMillis, pageFaults } from "../cpu.ts";
import { root } from "../root.ts";

const SLOW = { timeout: 60_000 };
const BURSTS = 20;
/** More than the scope: it is full from then on. */
const WARM_MILLIS = 65_000;
const MEASURED_MILLIS = 30_000;
/** After a change of what is on show. */
const SETTLED_MILLIS = 5_000;
const CONNECTIONS = 8;

/** Parts of a core, 0 to 1. */
export interface Cost {
  readonly host: number;
  /** The page's process: VS Code's workbench with the panel in it. */
  readonly page: number;
  /** Of the extension host, a second. */
  readonly faults: number;
}
export interface LiveInEditor {
  readonly seen: Cost;
  /** The panel is behind another tab. */
  readonly hidden: Cost;
  /** The recording has ended: VS Code's own. */
  readonly idle: Cost;
  /** Milliseconds from a request's answer until the panel's next figures that have it. */
  readonly latencies: readonly number[];
  readonly requestsPerSecond: number;
}

/** @param rate requests a second; null: as many as the server answers */
export async function liveInEditor(rate: number | null): Promise<LiveInEditor> {
  const scratch = mkdtempSync(join(tmpdir(), "darcy-bench-"));
  const workspace = join(scratch, "orders.code-workspace");
  const settings = {
    "window.autoDetectColorScheme": false,
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": true,
    "darcy.workers": 2,
    // What it costs hidden is of a server that is measured.
    "darcy.rests": false,
    "darcy.nodePath": ensureNodes([24]).get(24) ?? "",
  };
  const folder = join(root, "examples", "orders");
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: folder }], settings }));
  const environment = { PORT: "0" };
  const workbench = await openWorkbench({ workspace, extensionDevelopmentPath: root, environment });
  const { page } = workbench;
  try {
    const port = await record(page);
    const processes = await processesOf(page);
    const latencies = await latenciesOf(page, port);
    const load = new Load(
      `http://127.0.0.1:${port}`,
      [{ method: "GET", path: "/orders" }],
      CONNECTIONS,
      rate,
    );
    const rest = () => page.waitForTimeout(MEASURED_MILLIS);
    try {
      await page.waitForTimeout(WARM_MILLIS);
      const before = load.requests;
      const began = performance.now();
      const seen = await costWhile(processes, rest);
      const requestsPerSecond = (1_000 * (load.requests - before)) / (performance.now() - began);
      await runCommand(page, "File: New Untitled Text File");
      await page.waitForTimeout(SETTLED_MILLIS);
      const hidden = await costWhile(processes, rest);
      load.check();
      load.stop();
      await runCommand(page, "Darcy: Stop");
      await page.waitForTimeout(SETTLED_MILLIS);
      return { seen, hidden, idle: await costWhile(processes, rest), latencies, requestsPerSecond };
    } finally {
      load.stop();
    }
  } finally {
    await workbench.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Starts a recording. @returns the server's port */
async function record(page: Page): Promise<number> {
  await runCommand(page, "Darcy: Profile Node Server");
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: "Orders (wasteful)" });
  await row.first().click(SLOW);
  const waiting = panelOf(page).getByText("listens on", { exact: false }).first();
  await waiting.waitFor(SLOW);
  return Number(/localhost:(\d+)/.exec((await waiting.textContent()) ?? "")?.[1]);
}

interface Processes {
  readonly host: number;
  readonly page: number;
}

/** Both are ours: nobody else's VS Code is taken for them. */
async function processesOf(page: Page): Promise<Processes> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("There is no browser.");
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const busiest = renderers.sort((a, b) => cpuMillis(b) - cpuMillis(a))[0];
  const host = descendants(process.pid).find((pid) => commandLine(pid).includes("--type=extensionHost"));
  if (busiest === undefined || host === undefined) throw new Error("VS Code's processes were not found.");
  return { host, page: busiest };
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (of: number): number[] =>
    (children.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function commandLine(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The process has ended since.
    return "";
  }
}

async function costWhile({ host, page }: Processes, act: () => Promise<unknown>): Promise<Cost> {
  const now = () => ({
    at: performance.now(),
    host: cpuMillis(host),
    page: cpuMillis(page),
    faults: pageFaults(host),
  });
  const before = now();
  await act();
  const after = now();
  const millis = after.at - before.at;
  return {
    host: (after.host - before.host) / millis,
    page: (after.page - before.page) / millis,
    faults: (1_000 * (after.faults - before.faults)) / millis,
  };
}

/** Bursts of requests into a quiet server: a worker's rate rises when its figures have them, and never else. */
async function latenciesOf(page: Page, port: number): Promise<number[]> {
  await burst(port);
  const panel = panelOf(page);
  await panel.locator(".worker-rate").nth(1).waitFor(SLOW);
  const frame = await frameWith(page, ".worker-rate");
  // tsx keeps function names by a helper that the page does not have.
  await frame.evaluate("globalThis.__name = (value) => value");
  await frame.evaluate(() => {
    const state = { sum: 0, rises: [] as number[] };
    Object.assign(window, { rates: state });
    const sum = () =>
      [...document.querySelectorAll("tbody .worker-rate")].reduce(
        (all, { textContent }) => all + (Number(textContent) || 0),
        0,
      );
    state.sum = sum();
    new MutationObserver(() => {
      const now = sum();
      if (now > state.sum) state.rises.push(performance.timeOrigin + performance.now());
      state.sum = now;
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const latencies: number[] = [];
  for (let n = 0; n < BURSTS; n++) {
    // At any moment of a window.
    await page.waitForTimeout(2_000 + (n * 500) / BURSTS);
    const at = await burst(port);
    const rise = await frame.waitForFunction(
      (since) =>
        (window as unknown as { rates: { rises: number[] } }).rates.rises.find((each) => each > since),
      at,
      SLOW,
    );
    latencies.push(Number(await rise.jsonValue()) - at);
  }
  return latencies;
}

async function frameWith(page: Page, selector: string): Promise<Frame> {
  for (const frame of page.frames()) if ((await frame.locator(selector).count()) > 0) return frame;
  throw new Error("The panel's frame was not found.");
}

const BURST = 20;
/** When its first request was answered, milliseconds since the epoch. */
async function burst(port: number): Promise<number> {
  let first = 0;
  for (let n = 0; n < BURST; n++) {
    await new Promise<void>((done, fail) => {
      ask({ port, path: "/orders" }, (answer) => answer.resume().once("end", done))
        .once("error", fail)
        .end();
    });
    first ||= performance.timeOrigin + performance.now();
  }
  return first;
}
