// The panel's bar in a real browser: what does not fit goes as a whole; what compares and exports.

import assert from "node:assert/strict";
import { test } from "node:test";
import { STATES } from "./states.ts";
import { withPanel } from "./withPanel.ts";

const LONG = "orders, a rather long name for a recording of it.darcy";

for (const [name, state] of [
  ["recording", STATES.recording],
  ["readOnly", STATES.readOnly],
  ["a long name", { ...STATES.readOnly, title: LONG }],
  ["unsaved", { ...STATES.unsaved, title: LONG }],
] as const)
  test(`${name}: no figure is cut at any width`, () =>
    withPanel(
      async ({ page }) => {
        for (const width of [1400, 1204, 1180, 1084, 1001, 1000, 900, 861, 860, 800, 721, 720, 480]) {
          await page.setViewportSize({ width, height: 700 });
          const cut = await page.locator(".stats").evaluate((stats) => {
            const box = stats.getBoundingClientRect();
            return [...stats.children]
              .map((stat) => ({ text: stat.textContent, at: stat.getBoundingClientRect() }))
              .filter(({ at }) => at.width > 0 && at.top < box.bottom - 1)
              .filter(({ at }) => at.right > box.right + 1 || at.bottom > box.bottom + 1)
              .map(({ text }) => text);
          });
          assert.deepEqual(cut, [], `${width} px`);
        }
      },
      { state },
    ));

test("it compares and exports what was measured, and offers neither before", () =>
  withPanel(async (panel) => {
    const { page } = panel;
    for (const [name, action] of [
      ["Compare…", "compare"],
      ["Export…", "export"],
    ] as const) {
      await page.getByRole("button", { name }).click();
      assert.deepEqual((await panel.posted()).at(-1), { type: "action", action });
    }
    await panel.send(STATES.waiting);
    assert.equal(await page.getByRole("button", { name: "Compare…" }).isVisible(), false);
    assert.equal(await page.getByRole("button", { name: "Export…" }).isVisible(), false);
  }));

test("only of the read-only ones an unsaved recording is saved", async () => {
  for (const [state, offered] of [
    [STATES.unsaved, true],
    [STATES.readOnly, false],
  ] as const)
    await withPanel(
      async (panel) => {
        const save = panel.page.getByRole("button", { name: "Save" });
        assert.equal(await save.isVisible(), offered);
        if (!offered) return;
        await save.click();
        assert.deepEqual((await panel.posted()).at(-1), { type: "action", action: "save" });
      },
      { state },
    );
});

test("the load that runs is stopped by the button that started it, and says what is answered", () =>
  withPanel(
    async (panel) => {
      const { page } = panel;
      const stop = page.locator(".bar").getByRole("button", { name: "Stop load" });
      await stop.click();
      assert.deepEqual((await panel.posted()).at(-1), { type: "action", action: "stopLoad" });
      assert.match(
        (await stop.getAttribute("title")) ?? "",
        /the recording goes on\n904 answers in the last second$/,
      );
      await stop.focus();
      await panel.send({ ...STATES.recording, loadRunning: false });
      const drive = page.locator(".bar").getByRole("button", { name: "Drive load" });
      assert.equal(await drive.evaluate((button) => button === document.activeElement), true);
      await drive.click();
      assert.deepEqual((await panel.posted()).at(-1), { type: "action", action: "driveLoad" });
    },
    { state: { ...STATES.recording, loadRunning: true, loadAnswers: 904 } },
  ));

test("load that no request has answered yet is stopped from its form too", () =>
  withPanel(
    async (panel) => {
      await panel.page.locator("form").getByRole("button", { name: "Stop load" }).click();
      assert.deepEqual((await panel.posted()).at(-1), { type: "action", action: "stopLoad" });
    },
    { state: { ...STATES.waiting, loadRunning: true } },
  ));

test("a server that speaks no HTTP is offered no load, before its first message and after", () =>
  withPanel(async (panel) => {
    const load = panel.page.getByRole("button", { name: "Drive load" });
    for (const running of [STATES.waiting, STATES.recording]) {
      const state = { ...running, loadRunning: false };
      await panel.send({ ...state, url: "http://localhost:7070" });
      assert.ok((await load.count()) > 0);
      await panel.send({ ...state, url: "localhost:7070" });
      assert.equal(await load.count(), 0);
      if (running === STATES.waiting)
        assert.match(
          (await panel.page.locator(".empty").textContent()) ?? "",
          /Each message that a client sends/,
        );
    }
  }));
