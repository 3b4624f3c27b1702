// The panel in a real browser: every state of it, and its controls.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PANEL_VERSION } from "../../src/protocol/panel.ts";
import { postMessage } from "./harness.ts";
import { REPORT, worker } from "./report.ts";
import { RECORDING, STATES, type StateName } from "./states.ts";
import { seenText, withPanel, withReport } from "./withPanel.ts";

describe("states", () => {
  test("it asks for the state once it has loaded", () =>
    withPanel(async (panel) => {
      assert.deepEqual((await panel.posted())[0], { type: "ready", version: PANEL_VERSION });
    }));

  const expected: Record<StateName, { text: string[]; absent: string[] }> = {
    idle: { text: ["Nothing recorded yet", "Profile…"], absent: ["Stop", "Time line", "req/s"] },
    interrupted: {
      text: ["Ended", "The recording ended", "closed or reloaded", "Profile…"],
      absent: ["did not work", "Time line"],
    },
    calibrating: { text: ["Calibrating this machine"], absent: ["Time line", "Stop"] },
    starting: {
      text: ["Starting orders", "in the terminal “Darcy: orders”", "Stop"],
      absent: ["Time line", "Pause view"],
    },
    external: {
      text: [
        "Waiting for a server to join",
        "with the variables that were copied",
        "NODE_OPTIONS is overwritten for `node server.js`",
        "Copy environment…",
        "Stop",
      ],
      absent: ["Time line", "terminal", "Pause view"],
    },
    waiting: {
      text: [
        "No request yet",
        "orders listens on http://localhost:3000 with 4 workers and is ready.",
        "Drive load",
        "curl http://localhost:3000/",
        "Copying 64 KiB",
        "4 workers ready on :3000",
        "Workers",
      ],
      absent: ["Time line", "Hotspots", "Pause view", "explained"],
    },
    recording: {
      text: [
        "Recording",
        "02:48",
        "2,304 req/s",
        "535 of 1,354 µs/req",
        "388 of 3,420 µs latency",
        "Mutex.acquire",
        "balance CV 0.09",
        "16 × libuv pool",
        "files, look-ups, crypto, zlib",
        "Loops woken",
        "pool jobs 56\u202f%, requests 19\u202f%",
        "Darcy’s own code 1.8\u2009% of processor time",
      ],
      absent: ["No request yet", "Not bound", "settling"],
    },
    spells: {
      text: [
        "Last 60 s measured",
        "Darcy’s own code 0.8\u2009% of processor time, left out of all figures; measured 43\u2009% of the time",
      ],
      absent: [],
    },
    compared: {
      text: ["Darcy costs this server +1\u2009% processor time; measured 7.5\u2009% of the time"],
      absent: ["Darcy’s own code", "left out of all figures"],
    },
    whole: { text: ["Recording"], absent: ["steady"] },
    settling: { text: ["settling"], absent: [] },
    notBound: {
      text: [
        "Not bound by processors here: loops 12\u2009% busy. Savings will not show in throughput.",
        "Worker 2 exited 3 times",
        "The timer that repeats every 5 s",
        "sweep.ts:12",
        "runs in each of the 4 workers",
        "1 more notice",
      ],
      absent: [],
    },
    older: { text: ["Before Node 24", "here 10\u2009% of them are followed"], absent: [] },
    unavailable: { text: ["not reported by Windows"], absent: ["libuv pool", "Loops woken"] },
    stopping: {
      text: ["Stopping", "Stopping orders", "not ended by itself within 5 s is killed"],
      absent: ["Pause view", "Failed", "Time line"],
    },
    stoppedEmpty: {
      text: ["Stopped", "Stopped before a request came", "Nothing of orders was measured.", "Drive load"],
      absent: ["Failed", "did not work", "Time line"],
    },
    stopped: { text: ["Stopped", "Profile…"], absent: ["Pause view", "Stop "] },
    readOnly: {
      text: ["Read-only: monday.darcy", "Whole session", "Show beside the code"],
      absent: ["Pause view", "Stop", "Profile…", "Last 60 s"],
    },
    unsaved: {
      text: [
        "Unsaved: orders-2026-11-26-134107.darcy",
        "orders was being recorded when this window closed or reloaded",
        "keeps the last 5 such recordings, for 14 days",
        "Show beside the code",
      ],
      absent: ["Read-only", "Pause view", "Stop", "Profile…", "Last 60 s"],
    },
    error: {
      text: ["node server.js ended with code 1", "Mend the error there", "Profile…"],
      absent: ["Time line", "Stop"],
    },
    undiagnosed: {
      text: ["NODE_OPTIONS is overwritten", "keep what is there", "a package manager, left alone", "Stop"],
      absent: ["Time line", "Profile…"],
    },
  };
  for (const [name, { text, absent }] of Object.entries(expected))
    test(name, () =>
      withPanel(
        async ({ page }) => {
          const shown = (await seenText(page.locator(".page"))).replace(/\s*\n\s*/g, " ").replace(/ +/g, " ");
          for (const part of text) assert.ok(shown.includes(part), `“${part}” is shown in: ${shown}`);
          for (const part of absent) assert.ok(!shown.includes(part), `“${part}” is not shown in: ${shown}`);
        },
        { state: STATES[name as StateName] },
      ),
    );

  test("before the first request unknown is a dash, never 0", () =>
    withPanel(
      async ({ page }) => {
        assert.deepEqual(await page.locator(".tile .impact .number").allTextContents(), ["–", "–", "–", "–"]);
      },
      { state: STATES.waiting },
    ));

  test("workers stand in order, a service beside its gateway last and by its port", () =>
    withPanel(
      async ({ page }) => {
        const names = (await page.locator("tbody .worker-name").allInnerTexts()).slice(0, 4);
        assert.deepEqual(names, ["0 pid 4121", "1 pid 4139", "2 pid 4157", ":4701 pid 4175"]);
        assert.match((await page.locator(".workers-stat").textContent()) ?? "", /^3 workers/);
        assert.ok((await page.locator("option").allTextContents()).includes("server on port 4701"));
      },
      {
        state: withReport({
          workers: [worker(2, 300), worker(0, 300), worker(3, 900, { id: 0, port: 4701 }), worker(1, 300)],
        }),
      },
    ));

  test("only changes of state are announced", () =>
    withPanel(async (panel) => {
      const status = panel.page.locator("[role=status]");
      assert.equal(await status.textContent(), "Recording");
      await panel.send({
        ...RECORDING,
        elapsedMs: 169_000,
        report: { ...REPORT, requests: { ...REPORT.requests, perSecond: 9 } },
      });
      assert.equal(await status.textContent(), "Recording");
      assert.equal(await panel.page.locator("[aria-live], [role=alert], [role=status]").count(), 1);
      await panel.send(STATES.stopped);
      assert.equal(await status.textContent(), "Stopped");
    }));

  test("a state of another version says so", () =>
    withPanel(async ({ page }) => {
      await page.evaluate(() => window.postMessage({ type: "state", version: 999, state: {} }, "*"));
      await page.getByText("This panel belongs to another version of Darcy.").waitFor();
    }));
});

describe("controls", () => {
  test("each posts its message", () =>
    withPanel(
      async (panel) => {
        const { page } = panel;
        for (const name of ["Stop", "Drive load", "Save"])
          await page.getByRole("button", { name, exact: true }).click();
        await page.getByLabel("Scope of all figures").selectOption("0");
        await page.getByRole("button", { name: "Pause view" }).click();
        await page.getByRole("button", { name: "Resume view" }).click();
        assert.deepEqual((await panel.posted()).slice(1), [
          { type: "action", action: "stop" },
          { type: "action", action: "driveLoad" },
          { type: "action", action: "save" },
          { type: "scope", seconds: 0 },
          { type: "pauseView", paused: true },
          { type: "pauseView", paused: false },
        ]);
      },
      { state: { ...RECORDING, loadRunning: false } },
    ));

  test("a view that was paused before its page went holds the same figures again", () =>
    withPanel(async ({ page, send, posted }) => {
      await postMessage(page, { type: "hold" });
      assert.equal(await seenText(page.locator(".phase")), "Paused, still recording");
      assert.deepEqual((await posted()).at(-1), { type: "pauseView", paused: true });
      const figure = await seenText(page.locator(".tile").first());
      const { copies } = REPORT.totals;
      const newer = withReport({
        totals: { ...REPORT.totals, copies: { ...copies, impactMicrosPerRequest: 1 } },
      });
      await send(newer);
      assert.equal(await seenText(page.locator(".tile").first()), figure);
      await page.getByRole("button", { name: "Resume view" }).click();
      assert.notEqual(await seenText(page.locator(".tile").first()), figure);
    }));

  test("the form drives load, and its command can be copied", () =>
    withPanel(
      async (panel) => {
        const { page } = panel;
        await page.getByLabel("Method").selectOption("POST");
        await page.getByLabel("Path").fill("orders?id=1&x=2");
        await page.getByLabel("Connections").fill("5000");
        await page.getByLabel("Duration").selectOption("10");
        await page.getByRole("button", { name: "Copy the command" }).click();
        await page.locator("form").getByRole("button", { name: "Drive load" }).click();
        assert.deepEqual((await panel.posted()).slice(1), [
          { type: "copy", text: "curl -X POST 'http://localhost:3000/orders?id=1&x=2'" },
          { type: "load", method: "POST", path: "/orders?id=1&x=2", connections: 1000, seconds: 10 },
        ]);
      },
      { state: STATES.waiting },
    ));

  test("the command for a server that speaks TLS takes any certificate", () =>
    withPanel(
      async ({ page }) =>
        assert.equal(await page.locator("code.curl").textContent(), "curl -k https://localhost:3443/"),
      { state: { ...STATES.waiting, url: "https://localhost:3443" } },
    ));

  test("a server that speaks no HTTP is offered no load", () =>
    withPanel(
      async ({ page }) => {
        assert.equal(await page.locator("code.curl").isVisible(), false);
        assert.match(await seenText(page.locator(".empty-text").first()), /listens on localhost:4000/);
      },
      { state: { ...STATES.waiting, url: "localhost:4000" } },
    ));

  test("a paused view holds its figures while the clock goes on", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await page.keyboard.press(" ");
      assert.equal(await page.locator(".phase").textContent(), "Paused, still recording");
      const rate = { ...REPORT.requests, perSecond: 77 };
      await panel.send({ ...RECORDING, elapsedMs: 170_000, report: { ...REPORT, requests: rate } });
      assert.match(await seenText(page.locator(".bar")), /02:50[\s\S]*2,304/);
      await page.keyboard.press(" ");
      assert.match(await seenText(page.locator(".bar")), /02:50[\s\S]*77\.0/);
    }));

  test("the error's one button does what the error says", () =>
    withPanel(
      async (panel) => {
        const buttons = panel.page.locator(".empty button:visible");
        assert.equal(await buttons.count(), 1);
        await buttons.click();
        assert.deepEqual((await panel.posted()).at(-1), { type: "action", action: "profile" });
      },
      { state: STATES.error },
    ));
});
