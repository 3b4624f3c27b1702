// VS Code tests: what a user does with mouse and keyboard, and what they then see.

import assert from "node:assert/strict";
import { errors, type FrameLocator, type Locator, type Page } from "playwright-core";
import { CONTAINER } from "./container.ts";

export const SLOW = { timeout: 60_000 };
/** After a click of which it is not known whether it was taken: who goes on looks whether it was. */
const TAKEN_MILLIS = 10_000;
/** Offered in Restricted Mode, too. */
const COMPARE = "Darcy: Compare Recordings";

/** Runs a command from the palette, which does not know it before the extension host is up. */
export async function runCommand(page: Page, label: string): Promise<void> {
  await pick(page, `>${label}`, label);
}

export async function openFile(page: Page, name: string): Promise<void> {
  await pick(page, name, name);
  await page.locator(".tab.active", { hasText: name }).waitFor(SLOW);
}

async function pick(page: Page, text: string, label: string): Promise<void> {
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
  let deadline = Date.now() + SLOW.timeout;
  let clicked = false;
  for (;;) {
    try {
      // What has the focus and goes away takes the palette with it.
      await openPalette(page, text);
      await row.waitFor({ timeout: 2_000 });
      clicked = true;
      await row.click({ timeout: 10_000 });
      return;
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
      // A busy machine may have taken a click and told of it too late: then it is not offered any more, as what stops is not.
      if (clicked) deadline = Math.min(deadline, Date.now() + TAKEN_MILLIS);
      if (Date.now() > deadline && clicked) return;
      if (Date.now() > deadline) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

async function openPalette(page: Page, text: string): Promise<void> {
  const input = page.locator(".quick-input-widget input[type=text]").first();
  await page.keyboard.press("F1");
  await input.waitFor(SLOW);
  await input.fill(text, { timeout: 5_000 });
}

/** The panel's own page, two frames deep. */
export function panelOf(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready").last().frameLocator("#active-frame");
}

/** A recording that is running with the hotspots of test/vscode/fixture/server.js in its panel. */
export async function record(page: Page): Promise<Locator> {
  await runCommand(page, "Darcy: Profile Node Server");
  const script = page.locator(".quick-input-list .monaco-list-row", { hasText: "npm run start" }).first();
  await script.waitFor(SLOW);
  await script.click();
  const panel = panelOf(page);
  await panel.getByText("Waiting for a request").first().waitFor(SLOW);
  await panel.getByRole("button", { name: "Drive load" }).last().click();
  const place = panel.getByText("server.js:8", { exact: false }).first();
  await place.waitFor(SLOW);
  return place;
}

/** Starts a launch configuration from the command's list. */
async function launch(page: Page, name: string): Promise<void> {
  await runCommand(page, "Darcy: Profile Node Server");
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
  await row.waitFor(SLOW);
  await row.click();
}

/** In the list of notifications: the driver that these tests need keeps VS Code from showing toasts. */
async function notification(page: Page, text: string): Promise<Locator> {
  const found = page.locator(".notifications-center .notification-list-item", { hasText: text }).first();
  const deadline = Date.now() + SLOW.timeout;
  // The list hides when its last one goes away.
  do {
    assert.ok(Date.now() < deadline, `no notification: ${text}`);
    await runCommand(page, "Notifications: Show Notifications");
  } while (
    !(await found.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    ))
  );
  return found;
}

/** What is canceled is said, and nothing is recorded. */
export async function preLaunchTaskIsCanceled(page: Page): Promise<void> {
  await launch(page, "Waits for ever");
  const running = await notification(page, "Darcy: running stands still before Waits for ever");
  await running.locator(".monaco-button", { hasText: "Cancel" }).click(SLOW);
  await running.waitFor({ state: "detached", ...SLOW });
  await notification(page, "its preLaunchTask “stands still” was canceled");
  await runCommand(page, "Notifications: Clear All Notifications");
  assert.equal(await page.locator(".tab", { hasText: /^\s*Darcy/ }).count(), 0);
}

/** VS Code asks, as it does before a debugger. */
export async function preLaunchTaskFails(page: Page): Promise<void> {
  for (const [name, question] of [
    ["Fails first", "exit code 3"],
    ["No task", "nowhere"],
    ["Watcher dies", "has ended"],
  ] as const) {
    await launch(page, name);
    const dialog = page.locator(".monaco-dialog-box", { hasText: question });
    await dialog.waitFor(SLOW);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached", ...SLOW });
  }
  assert.equal(await page.locator(".tab", { hasText: /^\s*Darcy/ }).count(), 0);
}

export async function hotspotOpensItsLine(page: Page): Promise<void> {
  const place = await record(page);
  await place.click();
  await page.locator(".tab.active", { hasText: "server.js" }).waitFor(SLOW);
  await page.locator(".statusbar-item", { hasText: /Ln 8, Col \d+/ }).waitFor(SLOW);
}

/** Amid the words after a line of code as far as they are seen, once they are there. */
async function markedSpot(page: Page, code: string): Promise<{ x: number; y: number }> {
  // The words are the content of a pseudo-element, whose text no locator sees.
  const found = await page.waitForFunction(
    (wanted) => {
      const line = [...document.querySelectorAll(".view-line")].find(({ textContent }) =>
        textContent?.includes(wanted),
      );
      const marked = [...(line?.querySelectorAll("span") ?? [])].find((span) =>
        getComputedStyle(span, "::after").content.includes("µs/req"),
      );
      if (line === undefined || marked === undefined) return null;
      const { left, right, top, bottom } = marked.getBoundingClientRect();
      // What does not fit runs on behind the minimap.
      const editor = line.closest(".monaco-editor");
      const minimap = editor?.querySelector(".minimap")?.getBoundingClientRect();
      const edge = editor?.getBoundingClientRect().right ?? right;
      const seen = Math.min(right, edge, minimap === undefined || minimap.width === 0 ? right : minimap.left);
      return seen - left < 12 ? null : { x: (left + seen) / 2, y: (top + bottom) / 2 };
    },
    code,
    SLOW,
  );
  const spot = await found.jsonValue();
  assert.ok(spot !== null);
  return spot;
}

export async function lineIsMarked(page: Page): Promise<void> {
  await markedSpot(page, "JSON.stringify");
}

/** Rests the mouse on the words after a line of code until their hover stands. @throws when none comes */
export async function hoverMark(page: Page, code: string): Promise<Locator> {
  const hover = page.locator(".monaco-hover:visible", { hasText: "Show in panel" }).first();
  const deadline = Date.now() + SLOW.timeout;
  // New figures may move the words away from under the mouse before VS Code shows the hover.
  for (let seen = false; !seen; ) {
    assert.ok(Date.now() < deadline, "no hover came");
    const { x, y } = await markedSpot(page, code);
    await page.mouse.move(x, y + 200);
    await page.mouse.move(x, y);
    seen = await hover.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
  }
  return hover;
}

export async function hoverShowsTheFigures(page: Page): Promise<void> {
  const text = (await (await hoverMark(page, "JSON.stringify")).textContent()) ?? "";
  assert.match(text, /µs\/req/);
  assert.match(text, /% of all copied bytes/);
  assert.match(text, /Show in panel/);
}

export async function hoverOpensRowAndExplanation(page: Page): Promise<void> {
  await (await hoverMark(page, "JSON.stringify")).getByText("Show in panel").click();
  await panelOf(page).locator('.row[aria-expanded="true"]', { hasText: "server.js:8" }).waitFor(SLOW);
  await page.locator(".tab", { hasText: "server.js" }).first().click();
  await (await hoverMark(page, "JSON.stringify")).getByText("Explain").click();
  const preview = page.locator(".tab.active", { hasText: "server.js:8" });
  await preview.waitFor(SLOW);
  await page
    .frameLocator("iframe.webview.ready")
    .last()
    .frameLocator("#active-frame")
    .getByText("What to do", { exact: true })
    .waitFor(SLOW);
  await preview.click({ button: "middle" });
  await preview.waitFor({ state: "detached", ...SLOW });
  await lineIsMarked(page);
}

export async function stops(page: Page): Promise<void> {
  await runCommand(page, "Darcy: Stop");
  await runCommand(page, "Darcy: Open Panel");
  await panelOf(page).getByText("Stopped").first().waitFor(SLOW);
}

export async function savesAndOpensAgain(page: Page): Promise<void> {
  await panelOf(page).getByRole("button", { name: "Save" }).click();
  await page.locator(".quick-input-widget input[type=text]").first().waitFor(SLOW);
  await page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).click(SLOW);
  const saved = await notification(page, "Saved as");
  await saved.locator(".monaco-button", { hasText: "Open" }).click(SLOW);
  const panel = panelOf(page);
  await panel.getByText("Read-only: ", { exact: false }).first().waitFor(SLOW);
  await panel.getByText("server.js:8", { exact: false }).first().waitFor(SLOW);
}

export async function savedHotspotMarksItsLine(page: Page): Promise<void> {
  await panelOf(page).getByText("server.js:8", { exact: false }).first().click();
  await page.locator(".tab.active", { hasText: "server.js" }).waitFor(SLOW);
  await lineIsMarked(page);
}

/** The server ran in a folder that is not here. */
export async function foreignHotspotMarksItsLine(page: Page): Promise<void> {
  await runCommand(page, "View: Close All Editors");
  await openFile(page, "container.darcy");
  await panelOf(page).getByText("server.js:8", { exact: false }).first().click(SLOW);
  await page.locator(".tab.active", { hasText: "server.js" }).waitFor(SLOW);
  const status = page.locator(".statusbar-item", { hasText: `${CONTAINER}/server.js` });
  await status.waitFor(SLOW);
  assert.match((await status.textContent()) ?? "", /server\.js stands for it here/);
  const hover = await hoverMark(page, "JSON.stringify");
  assert.match((await hover.textContent()) ?? "", /Measured as \/srv\/nowhere\/shop\/server\.js/);
}

/** Of the server's workers, as the panel tells them. */
export async function recordedPids(page: Page): Promise<readonly number[]> {
  await record(page);
  const names = await panelOf(page).locator(".worker-name").allTextContents();
  const pids = names.map((name) => Number(/pid (\d+)/.exec(name)?.[1])).filter((pid) => pid > 0);
  assert.equal(pids.length, 2);
  return pids;
}

export async function allEnded(page: Page, pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + SLOW.timeout;
  while (pids.some(runs)) {
    assert.ok(Date.now() < deadline, "the server is left");
    await page.waitForTimeout(100);
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** VS Code finds files before it has read the extensions, and then opens a recording as a binary file, as it does with any. */
async function extensionIsKnown(page: Page): Promise<void> {
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: COMPARE }).first();
  const deadline = Date.now() + SLOW.timeout;
  do {
    assert.ok(Date.now() < deadline, `${COMPARE} is not offered`);
    await page.keyboard.press("Escape");
    await openPalette(page, `>${COMPARE}`);
    await page.waitForTimeout(500);
  } while (!(await row.isVisible()));
  await page.keyboard.press("Escape");
}

export async function savedRecordingIsReadOnly(page: Page): Promise<void> {
  await extensionIsKnown(page);
  await openFile(page, "saved.darcy");
  const panel = panelOf(page);
  await panel.getByText("Read-only: saved.darcy").first().waitFor(SLOW);
  await panel.getByText("server.js:8", { exact: false }).first().waitFor(SLOW);
  assert.equal(await panel.getByRole("button", { name: "Stop", exact: true }).isVisible(), false);
  for (const name of ["Compare…", "Export…"])
    assert.ok(await panel.getByRole("button", { name }).isVisible(), name);
}

export async function cutRecordingSaysSo(page: Page): Promise<void> {
  await openFile(page, "cut.darcy");
  await panelOf(page).getByText("it was cut off", { exact: false }).first().waitFor(SLOW);
}

/** From the palette, which asks for both; one is exchanged in the view; both come back after a reload of the window. */
export async function recordingsCompare(page: Page): Promise<void> {
  await runCommand(page, COMPARE);
  for (const name of ["cut", "saved"]) {
    const row = page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
    await row.click(SLOW);
    await row.waitFor({ state: "hidden", ...SLOW });
  }
  const view = panelOf(page);
  await view.getByText("it was cut off", { exact: false }).first().waitFor(SLOW);
  await view.getByLabel("Now: recording").selectOption({ label: "saved" }, SLOW);
  const same = view.getByText("Both sides are the same recording", { exact: false }).first();
  await same.waitFor(SLOW);
  // The command keeps what is open before it reloads; the browser's own reload loses what is newer than some seconds.
  const loaded = page.waitForEvent("load", SLOW);
  await runCommand(page, "Developer: Reload Window");
  await loaded;
  await page.locator(".tab", { hasText: "saved → saved" }).click(SLOW);
  await same.waitFor(SLOW);
  await view.getByRole("button", { name: "Show as Markdown" }).click(SLOW);
  const preview = page.locator(".tab", { hasText: "Preview saved → saved" });
  await preview.waitFor(SLOW);
  await preview.click({ button: "middle" });
  await preview.waitFor({ state: "detached", ...SLOW });
  await view.getByRole("button", { name: "Export as a web page" }).click(SLOW);
  await page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).click(SLOW);
  await notification(page, "Exported to saved-to-saved.html");
}

export async function commandIsNotOffered(page: Page): Promise<void> {
  await openPalette(page, ">Darcy: ");
  const rows = page.locator(".quick-input-list .monaco-list-row");
  await rows.filter({ hasText: "Darcy: Open Panel" }).first().waitFor(SLOW);
  assert.equal(await rows.filter({ hasText: "Profile Node Server" }).count(), 0);
  await page.keyboard.press("Escape");
}

export const treeRow = (page: Page, text: string | RegExp) =>
  page.locator(".pane-body .monaco-list-row", { hasText: text }).first();

export async function treeShowsRecordings(page: Page): Promise<void> {
  await runCommand(page, "View: Show Darcy");
  await treeRow(page, /^saved(?:\s*200 req.*)?$/)
    .locator(".monaco-tl-twistie")
    .click(SLOW);
  await treeRow(page, "JSON.stringify").waitFor(SLOW);
  assert.match((await treeRow(page, "JSON.stringify").textContent()) ?? "", /µs\/req, server\.js:8/);
  await treeRow(page, /^saved\s*200 req\/s, /).waitFor(SLOW);
  await treeRow(page, "Workers").click();
  await treeRow(page, "Worker 1").waitFor(SLOW);
  await treeRow(page, "cut").locator(".monaco-tl-twistie").click();
  await treeRow(page, "it was cut off").waitFor(SLOW);
  await treeRow(page, /^cut\s*can't be read/).waitFor(SLOW);
}

/** The menu that the row's right click opens. */
async function choose(page: Page, row: Locator, label: string): Promise<void> {
  await row.click({ button: "right", ...SLOW });
  const item = page.locator(".monaco-menu .action-item", { hasText: label }).first();
  const deadline = Date.now() + SLOW.timeout;
  // A menu that has just opened takes no click: it may be the one that opened it.
  do {
    assert.ok(Date.now() < deadline, `"${label}" takes no click`);
    await item.click({ timeout: 5_000 }).catch(() => undefined);
  } while (
    !(await item.waitFor({ state: "detached", timeout: 1_000 }).then(
      () => true,
      () => false,
    ))
  );
}

/**
 * A menu that was open while the tree was read anew gives its command no row: it asks which recording, as from the palette.
 * @returns the question whether to
 */
export async function askToDelete(page: Page, name: string): Promise<Locator> {
  const dialog = page.locator(".monaco-dialog-box", { hasText: `Delete ${name}.darcy?` });
  // It keeps its words when it is hidden.
  const which = page.locator(".quick-input-widget:visible", { hasText: "Delete which recording?" });
  const deadline = Date.now() + SLOW.timeout;
  do {
    assert.ok(Date.now() < deadline, "The tree is read again and again");
    await choose(page, treeRow(page, name), "Delete Recording");
    await dialog.or(which).first().waitFor(SLOW);
    if (await which.isVisible()) await page.keyboard.press("Escape");
  } while (!(await dialog.isVisible()));
  return dialog;
}

export async function renamesAndDeletes(page: Page): Promise<void> {
  await choose(page, treeRow(page, "cut"), "Rename Recording");
  const input = page.locator(".quick-input-widget input[type=text]").first();
  await input.waitFor(SLOW);
  await input.fill("half");
  await page.keyboard.press("Enter");
  await treeRow(page, "half").waitFor(SLOW);
  const first = await askToDelete(page, "half");
  await first.locator(".monaco-button", { hasText: "Cancel" }).click(SLOW);
  await treeRow(page, "half").waitFor(SLOW);
  const dialog = await askToDelete(page, "half");
  await dialog.locator(".monaco-button", { hasText: "Delete" }).click(SLOW);
  await treeRow(page, "half").waitFor({ state: "detached", ...SLOW });
}

export async function renamesAndDeletesByKeys(page: Page): Promise<void> {
  const asked = page.locator(".quick-input-widget:visible", { hasText: "Rename Recording" });
  await press(page, "container", "F2", asked);
  const input = asked.locator("input[type=text]").first();
  assert.equal(await input.inputValue(), "container");
  await input.fill("elsewhere");
  await page.keyboard.press("Enter");
  await treeRow(page, "elsewhere").waitFor(SLOW);
  const dialog = page.locator(".monaco-dialog-box", { hasText: "Delete elsewhere.darcy?" });
  await press(page, "elsewhere", "Delete", dialog);
  await dialog.locator(".monaco-button", { hasText: "Delete" }).click(SLOW);
  await treeRow(page, "elsewhere").waitFor({ state: "detached", ...SLOW });
}

/** In the tree, on a recording that was opened from there; again until it is answered: the tree may be read anew meanwhile. */
async function press(page: Page, name: string, key: string, answer: Locator): Promise<void> {
  const deadline = Date.now() + SLOW.timeout;
  do {
    assert.ok(Date.now() < deadline, `${key} is not answered`);
    await treeRow(page, name).click(SLOW);
    await page.locator(".tab.active", { hasText: `${name}.darcy` }).waitFor(SLOW);
    await runCommand(page, "Focus on Sessions View");
    await page.keyboard.press(key);
  } while (
    !(await answer.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    ))
  );
}
