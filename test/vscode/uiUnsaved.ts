// VS Code tests: what a user has of a recording that they did not save, after a reload, a crash, another start, another recording.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import {
  allEnded,
  askToDelete,
  lineIsMarked,
  openFile,
  panelOf,
  record,
  recordedPids,
  runCommand,
  SLOW,
  stops,
  treeRow,
} from "./ui.ts";

const CUT_OFF = "was being recorded when this window closed or reloaded";
/** By its seconds; one that was saved from the panel has none. */
const UNSAVED = /tiny-shop-start-[-\d]+-\d{6}\.darcy/;

/** The unsaved recording's panel, with its figures. */
async function unsavedIsShown(page: Page): Promise<void> {
  await page.locator(".tab.active", { hasText: UNSAVED }).waitFor(SLOW);
  const panel = panelOf(page);
  await panel.getByText("Unsaved: tiny-shop-start", { exact: false }).first().waitFor(SLOW);
  await panel.getByText("server.js:8", { exact: false }).first().waitFor(SLOW);
}

/** The panel's tab, from before the reload, shows it once it is seen. */
async function comesBack(page: Page): Promise<void> {
  const before = page.locator(".tab", { hasText: "Darcy: tiny-shop" });
  const now = page.locator(".tab.active", { hasText: UNSAVED });
  await before.or(now).first().waitFor(SLOW);
  // It may be seen already, and then it is another tab before the click comes.
  if ((await now.count()) === 0) await before.click({ timeout: 5_000 }).catch(() => undefined);
  await unsavedIsShown(page);
  await before.waitFor({ state: "detached", ...SLOW });
}

export async function reloadKeepsTheRecording(page: Page): Promise<void> {
  const pids = await recordedPids(page);
  // Its first figures bring them, a second later at the most: before, there would be none to come back.
  await openFile(page, "server.js");
  await lineIsMarked(page);
  await runCommand(page, "Darcy: Open Panel");
  await page.reload();
  await comesBack(page);
  await panelOf(page).getByText(CUT_OFF, { exact: false }).first().waitFor(SLOW);
  await runCommand(page, "Darcy: Open Panel");
  await unsavedIsShown(page);
  assert.equal(await page.locator(".tab", { hasText: UNSAVED }).count(), 1);
  await allEnded(page, pids);
}

/** Its panel is open again; that asks for nothing. */
export async function marksComeBack(page: Page): Promise<void> {
  await openFile(page, "server.js");
  await lineIsMarked(page);
  await page.locator(".tab", { hasText: UNSAVED }).click(SLOW);
}

export async function unsavedIsSaved(page: Page): Promise<void> {
  await panelOf(page).getByRole("button", { name: "Save" }).click(SLOW);
  const input = page.locator(".quick-input-widget input[type=text]").first();
  await input.waitFor(SLOW);
  // VS Code shows the folder above first, and looks what there is.
  await page.waitForFunction(
    (field) => /kleiner Läden\/tiny-shop-start-/.test((field as HTMLInputElement).value),
    await input.elementHandle(),
    SLOW,
  );
  await page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).click(SLOW);
  const panel = panelOf(page);
  await panel.getByText("Read-only: tiny-shop-start", { exact: false }).first().waitFor(SLOW);
  await panel.getByText("server.js:8", { exact: false }).first().waitFor(SLOW);
  assert.equal(await page.locator(".tab", { hasText: UNSAVED }).count(), 1);
  await runCommand(page, "View: Show Darcy");
  await treeRow(page, /^tiny-shop-start-/).waitFor(SLOW);
  assert.equal(await page.locator(".pane-body .monaco-list-row", { hasText: "unsaved" }).count(), 0);
  await runCommand(page, "View: Close All Editors");
}

/** Also after another recording was started, and a reload by the command. */
export async function endedStays(page: Page): Promise<void> {
  for (let times = 0; times < 2; times++) {
    await record(page);
    await stops(page);
  }
  const unsaved = page.locator(".pane-body .monaco-list-row", { hasText: "unsaved" });
  await runCommand(page, "View: Show Darcy");
  await unsaved.first().waitFor(SLOW);
  assert.equal(await unsaved.count(), 1, "the panel's own has its row above");
  const loaded = page.waitForEvent("load", SLOW);
  await runCommand(page, "Developer: Reload Window");
  await loaded;
  await comesBack(page);
  assert.equal(await panelOf(page).getByText(CUT_OFF, { exact: false }).count(), 0);
  await runCommand(page, "View: Show Darcy");
  await unsaved.nth(1).waitFor(SLOW);
  assert.equal(await unsaved.count(), 2);
}

export async function unsavedIsDeleted(page: Page): Promise<void> {
  const unsaved = page.locator(".pane-body .monaco-list-row", { hasText: "unsaved" });
  for (let left = await unsaved.count(); left > 0; left--) {
    const name = (await unsaved.first().locator(".label-name").first().textContent()) ?? "";
    const dialog = await askToDelete(page, name);
    await dialog.locator(".monaco-button", { hasText: "Delete" }).click(SLOW);
    await treeRow(page, name).waitFor({ state: "detached", ...SLOW });
  }
}

/** @param data VS Code's own folder */
export function crashKeepsTheRecording(data: string): (page: Page) => Promise<void> {
  return async (page) => {
    const before = writtenIn(data);
    const pids = await recordedPids(page);
    await isWritten(page, data, before);
    const [host, ...others] = extensionHosts(process.pid);
    assert.ok(host !== undefined && others.length === 0, `extension hosts: ${[host, ...others].join(", ")}`);
    process.kill(host, "SIGKILL");
    const deadline = Date.now() + SLOW.timeout;
    // VS Code starts another one by itself.
    while (extensionHosts(process.pid).every((pid) => pid === host)) {
      assert.ok(Date.now() < deadline, "VS Code starts no other extension host");
      await page.waitForTimeout(100);
    }
    await runCommand(page, "Darcy: Open Panel");
    await unsavedIsShown(page);
    await panelOf(page).getByText(CUT_OFF, { exact: false }).first().waitFor(SLOW);
    await allEnded(page, pids);
  };
}

/** Of the server whose recording runs when VS Code ends. */
let running: readonly number[] = [];

/** A recording that runs, and of which there is something on the disk. */
export function recordsUntilWritten(data: string): (page: Page) => Promise<void> {
  return async (page) => {
    const before = writtenIn(data);
    running = await recordedPids(page);
    await isWritten(page, data, before);
  };
}

export async function treeShowsUnsaved(page: Page): Promise<void> {
  await runCommand(page, "View: Show Darcy");
  const row = page.locator(".pane-body .monaco-list-row", { hasText: "unsaved" }).first();
  await row.click(SLOW);
  await unsavedIsShown(page);
  await allEnded(page, running);
}

async function isWritten(page: Page, data: string, before: readonly string[]): Promise<void> {
  const deadline = Date.now() + SLOW.timeout;
  while (writtenIn(data).every((file) => before.includes(file))) {
    assert.ok(Date.now() < deadline, "nothing was written while it ran");
    await page.waitForTimeout(100);
  }
}

/** Unsaved recordings of VS Code's own folder. */
function writtenIn(data: string): string[] {
  return readdirSync(data, { recursive: true })
    .map(String)
    .filter((file) => /unsaved[\\/]tiny-shop-start-[-\d]+\.darcy$/.test(file));
}

/** Below a process. */
function extensionHosts(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        if (Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]) !== parent) return [];
        const isHost = readFileSync(`/proc/${name}/cmdline`, "utf8").includes("--type=extensionHost");
        return [...(isHost ? [Number(name)] : []), ...extensionHosts(Number(name))];
      } catch {
        return [];
      }
    });
}
