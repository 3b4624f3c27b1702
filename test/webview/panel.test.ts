// The panel in a real browser, under its real content security policy: states, clicks, keys, filters, widths, themes.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator } from "playwright-core";
import type { FromPanel, PanelState } from "../../src/protocol/panel.ts";
import { launchChromium, openPanel, type Panel, type Theme, type ThemeName, themes } from "./harness.ts";
import {
  HOSTILE,
  HOSTILE_STATE,
  HOTSPOTS,
  LONG_STATE,
  OVER_STATE,
  RECORDING,
  REPORT,
  STATES,
  type StateName,
} from "./states.ts";

let browser: Browser;
let all: Readonly<Record<ThemeName, Theme>>;
before(async () => {
  browser = await launchChromium();
  all = await themes();
});
after(() => browser.close());

async function withPanel(
  act: (panel: Panel) => Promise<void>,
  options: { state?: PanelState; theme?: ThemeName; width?: number; kept?: unknown; height?: number } = {},
): Promise<void> {
  const { state = RECORDING, theme = "darkModern", width = 1200, height = 900, kept = null } = options;
  const panel = await openPanel(browser, all[theme], width, height, kept);
  try {
    await panel.send(state);
    await act(panel);
    assert.deepEqual(panel.faults, [], "the page reports no errors, nor does its content security policy");
  } finally {
    await panel.page.context().close();
  }
}

/** As it is seen: what is hidden is left out. */
// biome-ignore lint/performance/useDomNodeTextContent: the text as laid out is what is meant, and this is Playwright's.
const seenText = (locator: Locator) => locator.innerText();
const rows = (panel: Panel) => panel.page.locator(".row:not(.fold-row)");
const places = (panel: Panel) => panel.page.locator(".row .place").allTextContents();
const opened = async (panel: Panel) =>
  (await panel.posted()).filter(
    (message): message is Extract<FromPanel, { type: "open" }> => message.type === "open",
  );
const withReport = (change: Partial<typeof REPORT>): PanelState => ({
  ...RECORDING,
  report: { ...REPORT, ...change },
});

describe("states", () => {
  test("it asks for the state once it has loaded", () =>
    withPanel(async (panel) => {
      assert.deepEqual((await panel.posted())[0], { type: "ready", version: 1 });
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
        "Loops woken",
        "pool jobs 56\u202f%, requests 19\u202f%",
        "Darcy’s own cost 1.8\u2009% of processor time",
      ],
      absent: ["No request yet", "Not bound", "settling"],
    },
    whole: { text: ["Recording"], absent: ["steady"] },
    settling: { text: ["settling"], absent: [] },
    notBound: {
      text: [
        "Not bound by processors here: loops 12\u2009% busy. Savings will not show in throughput.",
        "Worker 2 exited 3 times",
        "2 more notices",
      ],
      absent: [],
    },
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
    error: {
      text: ["node server.js ended with code 1", "Mend the error there", "Profile…"],
      absent: ["Time line", "Stop"],
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

  test("every state shows in every theme and width without a fault or a sideways scroll", async () => {
    for (const theme of Object.keys(all) as ThemeName[])
      await withPanel(
        async (panel) => {
          for (const width of [1200, 760, 420]) {
            await panel.page.setViewportSize({ width, height: 900 });
            for (const state of Object.values(STATES)) {
              await panel.send(state);
              const spill = await panel.page.evaluate(
                () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
              );
              assert.equal(spill, 0, `${state.phase} in ${theme} at ${width}`);
            }
          }
        },
        { theme },
      );
  });

  test("before the first request unknown is a dash, never 0", () =>
    withPanel(
      async ({ page }) => {
        assert.deepEqual(await page.locator(".tile .impact .number").allTextContents(), ["–", "–", "–", "–"]);
      },
      { state: STATES.waiting },
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

describe("hotspots", () => {
  test("a click on file:line opens it, with Alt to the side, and does not open the row", () =>
    withPanel(async (panel) => {
      const place = rows(panel).nth(0).locator(".place");
      await place.click();
      await place.click({ modifiers: ["Alt"] });
      const location = { file: "/home/ada/orders/src/place.ts", line: 19, column: 25 };
      assert.deepEqual(await opened(panel), [
        { type: "open", location, toSide: false },
        { type: "open", location, toSide: true },
      ]);
      assert.equal(await panel.page.locator(".details").count(), 0);
    }));

  test("a click on a row opens it: callers, holder, advice, actions", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(0).click();
      const details = page.locator(".details");
      const text = await seenText(details);
      for (const part of [
        "handler",
        "routes.ts:12",
        "(anonymous)",
        "Held by",
        "placeOrder",
        "Let in by",
        "giveBack",
        "orders:17 (62\u2009%), orders:4 (20\u2009%)",
        "3.2 waiting on average, 9 at most",
        "exact (measured at the lock)",
        "Hold this lock for less.",
        "saves up to 240 µs/req of waiting",
      ])
        assert.ok(text.includes(part), part);
      await details.getByRole("button", { name: "Open holder" }).click();
      await details.getByText("routes.ts:12").click();
      assert.deepEqual(
        (await opened(panel)).map(({ location: { file, line } }) => `${file.split("/").at(-1)}:${line}`),
        ["place.ts:20", "routes.ts:12"],
      );
      await details.getByRole("button", { name: "Copy as Markdown" }).click();
      const copied = (await panel.posted()).at(-1);
      assert.ok(copied?.type === "copy" && copied.text.includes("268 µs/req waiting"));
      await rows(panel).nth(0).click();
      assert.equal(await details.count(), 0);
    }));

  test("advice stands only in the row whose line it is about", () =>
    withPanel(async (panel) => {
      await rows(panel).nth(1).click();
      assert.equal(await panel.page.locator(".details .advice-item:visible").count(), 0);
    }));

  test("a route filters by keyboard, says what it leaves out, and Escape ends it", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const route = page.getByLabel("Route of the hotspots");
      const all = await rows(panel).count();
      await page.getByRole("radio", { checked: true }).focus();
      await page.keyboard.press("Tab");
      assert.ok(await route.evaluate((select) => select.matches(":focus")));
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      assert.equal(await route.inputValue(), "GET /rates/:currency");
      assert.equal(await rows(panel).count(), 3);
      assert.match(
        await seenText(page.locator(".hotspots")),
        /\d+ sites are left out: their routes are not known/,
      );
      await rows(panel).nth(0).focus();
      await page.keyboard.press("Escape");
      assert.equal(await route.inputValue(), "");
      assert.equal(await rows(panel).count(), all);
    }));

  test("with one route there is none to choose", () =>
    withPanel(
      async ({ page }) => {
        assert.ok(await page.getByLabel("Route of the hotspots").isHidden());
      },
      {
        state: withReport({
          hotspots: HOTSPOTS.map((each) => ({ ...each, routes: each.routes.slice(0, 1) })).filter(
            ({ routes }) => routes[0]?.method !== "GET",
          ),
        }),
      },
    ));

  test("segments, tiles and keys filter", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const glyphs = () =>
        page
          .locator(".row:not(.fold-row)")
          .evaluateAll((all) => [...new Set(all.map((row) => (row as HTMLElement).dataset.category))].sort());
      assert.deepEqual(await glyphs(), ["allocations", "copies", "locks", "switches"]);
      await page.getByRole("radio", { name: "Waiting" }).click();
      assert.deepEqual(await glyphs(), ["locks"]);
      await page.getByRole("radio", { name: "Processor" }).click();
      assert.deepEqual(await glyphs(), ["allocations", "copies", "switches"]);
      await page.getByRole("radio", { name: "All" }).click();
      await page.locator(".tile").nth(2).click();
      assert.deepEqual(await glyphs(), ["allocations"]);
      await page.locator(".chip").click();
      assert.equal((await glyphs()).length, 4);
      await page.locator(".chart").focus();
      for (const [key, category] of [
        ["1", "copies"],
        ["2", "switches"],
        ["3", "allocations"],
        ["4", "locks"],
      ] as const) {
        await page.keyboard.press(key);
        assert.deepEqual(await glyphs(), [category]);
      }
      await page.keyboard.press("Escape");
      assert.equal((await glyphs()).length, 4);
    }));

  test("text filters by function, file, callee; / goes to it, Escape clears it", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await page.keyboard.press("/");
      await page.keyboard.type("structuredclone place.ts:29");
      assert.deepEqual(await places(panel), ["place.ts:29", "place.ts:29"]);
      await page.keyboard.type(" nothing at all");
      await page.getByText("No hotspot matches the filter.").waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await rows(panel).count(), 10);
    }));

  test("small sites fold into one row that keeps the two kinds of time apart", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const fold = page.locator(".fold-row");
      assert.equal(await seenText(fold), "22 more: 152 µs/req processor, 4.0 waiting");
      await fold.click();
      assert.equal(await rows(panel).count(), 32);
      await page.getByRole("radio", { name: "Waiting" }).click();
      assert.equal(await seenText(fold), "1 more: 4.0 µs/req waiting");
    }));

  test("no total on the page adds processor and waiting time", () =>
    withPanel(async ({ page }) => {
      const texts = await Promise.all(
        [".bar", ".budgets", ".hotspots"].map((part) => seenText(page.locator(part))),
      );
      const text = texts.join("\n");
      // 535 processor and 388 waiting; 152 and 4 in the fold.
      for (const sum of ["923", "156"]) assert.ok(!new RegExp(`\\b${sum}\\b`).test(text), sum);
      assert.equal(await page.locator(".budget.processor .budget-part").count(), 3);
      assert.equal(await page.locator(".budget.waiting .budget-part.hatched").count(), 1);
      assert.equal(await page.locator(".budget.processor .hatched").count(), 0);
    }));

  test("waiting is hatched, processor time is solid, a wait beyond the scale is torn", () =>
    withPanel(
      async (panel) => {
        const bars = await rows(panel)
          .locator(".impact-bar")
          .evaluateAll((all) => all.map((bar) => [bar.className, (bar as HTMLElement).style.width]));
        assert.deepEqual(bars[0], ["impact-bar of-locks hatched torn", "100%"]);
        assert.deepEqual(bars[1], ["impact-bar of-allocations", "25%"]);
      },
      {
        state: withReport({
          hotspots: HOTSPOTS.map((each, index) =>
            index === 0 ? { ...each, impactMicrosPerRequest: 9000 } : each,
          ),
        }),
      },
    ));

  test("keys: arrows move one focus, Enter, Right and Left open and fold, o opens source, c copies", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const focused = () =>
        page.evaluate(() => document.activeElement?.querySelector(".place")?.textContent ?? null);
      assert.equal(
        await page.locator(".row[tabindex='0']").count(),
        1,
        "one row takes part in the tab order",
      );
      await rows(panel).nth(0).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      assert.equal(await focused(), "place.ts:30");
      assert.equal(await page.locator(".row[tabindex='0']").count(), 1);
      await page.keyboard.press("ArrowRight");
      assert.equal(await page.locator(".details").count(), 1);
      await page.keyboard.press("ArrowLeft");
      assert.equal(await page.locator(".details").count(), 0);
      await page.keyboard.press("Enter");
      assert.equal(await rows(panel).nth(2).getAttribute("aria-expanded"), "true");
      await page.keyboard.press("o");
      await page.keyboard.press("Alt+o");
      assert.deepEqual(
        (await opened(panel)).map(({ location, toSide }) => [location.line, toSide]),
        [
          [30, false],
          [30, true],
        ],
      );
      await page.keyboard.press("c");
      assert.equal((await panel.posted()).at(-1)?.type, "copy");
      await page.keyboard.press("End");
      assert.ok(await page.locator(".fold-row").evaluate((row) => row === document.activeElement));
      await page.keyboard.press("Enter");
      assert.equal(await rows(panel).count(), 32);
      await page.keyboard.press("Home");
      assert.equal(await focused(), "place.ts:19");
    }));

  test("every control is reached by Tab, with a visible focus", () =>
    withPanel(async ({ page }) => {
      const seen = new Set<string>();
      for (let step = 0; step < 40; step++) {
        await page.keyboard.press("Tab");
        const now = await page.evaluate(() => {
          const active = document.activeElement;
          if (active === null || active === document.body) return null;
          return { name: active.className, outline: getComputedStyle(active).outlineStyle };
        });
        if (now === null) break;
        seen.add(now.name.split(" ")[0] ?? "");
        assert.notEqual(now.outline, "none", `focus shows on .${now.name}`);
      }
      for (const name of ["select", "button", "tile", "legend", "chart", "segment", "row", "foot-button"])
        assert.ok(seen.has(name), name);
    }));

  test("order stays put while the pointer or the focus is in the list, and is new after", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const before = await places(panel);
      const risen = withReport({
        hotspots: HOTSPOTS.map((each, index) =>
          index === 4 ? { ...each, impactMicrosPerRequest: 5000 } : each,
        ),
      });
      await rows(panel).nth(2).hover();
      await panel.send(risen);
      assert.deepEqual(await places(panel), before);
      await page.mouse.move(5, 5);
      await page.waitForFunction(() => document.querySelector(".row .place")?.textContent === "db.ts:14");
      await panel.send(RECORDING);
      assert.deepEqual(await places(panel), before);
      await rows(panel).nth(2).focus();
      await panel.send(risen);
      assert.deepEqual(await places(panel), before);
      await page.locator(".chart").focus();
      await page.waitForFunction(() => document.querySelector(".row .place")?.textContent === "db.ts:14");
    }));

  test("while figures settle, order follows under a resting pointer, but not with a row open or focused", () =>
    withPanel(
      async (panel) => {
        const { page } = panel;
        const settling = (risen: number): PanelState => ({
          ...STATES.settling,
          report: {
            ...REPORT,
            requests: { ...REPORT.requests, total: 312 },
            hotspots: HOTSPOTS.map((each, index) =>
              index === risen ? { ...each, impactMicrosPerRequest: 5000 } : each,
            ),
          },
        });
        const first = async () => (await places(panel))[0];
        await rows(panel).nth(2).hover();
        await panel.send(settling(4));
        assert.equal(await first(), "db.ts:14");
        await rows(panel).nth(2).click();
        await page.evaluate(() => (document.activeElement as HTMLElement).blur());
        const open = await places(panel);
        await panel.send(settling(1));
        assert.deepEqual(await places(panel), open, "with a row open");
        await rows(panel).nth(2).click();
        await panel.send(settling(3));
        assert.deepEqual(await places(panel), open, "with a row focused");
        await page.evaluate(() => (document.activeElement as HTMLElement).blur());
        await panel.send(settling(3));
        const settled = await places(panel);
        assert.notDeepEqual(settled, open);
        await panel.send(RECORDING);
        assert.deepEqual(await places(panel), settled, "once settled, the pointer holds again");
      },
      { state: STATES.settling },
    ));

  test("rows are updated in place: elements, focus and an open row outlive new figures", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(0).click();
      await page.locator(".details .link").first().focus();
      await page.evaluate(() => {
        for (const row of document.querySelectorAll(".row, .details, .tile"))
          (row as HTMLElement).dataset.mark = "kept";
      });
      await panel.send(
        withReport({
          hotspots: HOTSPOTS.map((each) => ({
            ...each,
            impactMicrosPerRequest: (each.impactMicrosPerRequest ?? 0) * 1.1,
          })),
        }),
      );
      assert.equal(
        await page
          .locator(".row:not([data-mark]), .details:not([data-mark]), .tile:not([data-mark])")
          .count(),
        0,
      );
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Open");
      assert.match(await seenText(rows(panel).nth(0)), /295/);
    }));

  test("names that look like markup are shown as text", () =>
    withPanel(
      async (panel) => {
        const { page } = panel;
        await rows(panel).nth(0).locator(".cell-chevron").click();
        assert.equal(await page.locator("img").count(), 0);
        assert.notEqual(await page.title(), "owned");
        assert.equal(await rows(panel).nth(0).locator(".function").textContent(), HOSTILE);
        assert.equal(await page.locator(".notice span").first().textContent(), HOSTILE);
        assert.ok((await page.locator(".details").textContent())?.includes(HOSTILE));
      },
      { state: HOSTILE_STATE },
    ));
});

describe("time line", () => {
  test("the chart has a table twin with the same figures and the marks", () =>
    withPanel(async ({ page }) => {
      const table = page.locator(".twin");
      assert.ok((await table.locator("tbody tr").count()) <= 30);
      assert.match((await table.textContent()) ?? "", /worker 3 restarted/);
      assert.match((await table.textContent()) ?? "", /major GC/);
      assert.deepEqual(await table.locator("thead th").allTextContents(), [
        "Time",
        "Copies, µs/req",
        "Switches, µs/req",
        "Allocation, µs/req",
        "Lock waits, µs/req",
        "Requests/s",
        "Events",
      ]);
    }));

  test("the crosshair tells the figures, by pointer and by keyboard", () =>
    withPanel(async ({ page }) => {
      const tip = page.locator(".tip");
      assert.ok(await tip.isHidden());
      await page.locator(".chart").hover({ position: { x: 700, y: 40 } });
      await tip.waitFor({ state: "visible" });
      assert.match(await seenText(tip), /Copies\s+17\d/);
      await page.mouse.move(5, 5);
      await tip.waitFor({ state: "hidden" });
      await page.locator(".chart").focus();
      await page.keyboard.press("ArrowLeft");
      const last = await seenText(tip);
      await page.keyboard.press("ArrowLeft");
      assert.notEqual(await seenText(tip), last);
    }));

  test("something is drawn, and a legend button takes its category away", () =>
    withPanel(async ({ page }) => {
      const drawn = () =>
        page.locator(".chart").evaluate((chart) => {
          const { width, height } = chart as HTMLCanvasElement;
          const brush = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
          brush?.drawImage(chart as HTMLCanvasElement, 0, 0);
          const data = brush?.getImageData(0, 0, width, height).data ?? [];
          let yellow = 0;
          for (let at = 0; at < data.length; at += 4)
            if ((data[at] ?? 0) > 150 && (data[at + 1] ?? 0) > 120 && (data[at + 2] ?? 0) < 110) yellow += 1;
          return yellow;
        });
      assert.ok((await drawn()) > 500, "the switches' area stands in the chart");
      await page.locator(".legend").nth(1).click();
      assert.ok((await drawn()) < 50, "and is gone");
    }));
});

describe("what is kept and how it looks", () => {
  test("a route that was chosen comes back, also where it is gone", () =>
    withPanel(
      async (panel) => {
        assert.equal(await panel.page.getByLabel("Route of the hotspots").inputValue(), "GET /gone");
        assert.ok(await panel.page.getByText("No hotspot matches the filter.").isVisible());
        assert.ok(await panel.page.getByText("sites are left out").isVisible());
      },
      { kept: { route: "GET /gone" } },
    ));

  test("filters and the open row come back", () =>
    withPanel(
      async (panel) => {
        assert.equal(await panel.page.locator(".search input").inputValue(), "place");
        assert.equal(await rows(panel).count(), 2);
        assert.equal(await seenText(panel.page.locator(".tile[aria-pressed='true'] .tile-name")), "Copies");
      },
      { kept: { category: "copies", text: "place" } },
    ));

  test("narrow: hotspots have two lines, tiles are rows, no table header", () =>
    withPanel(
      async (panel) => {
        const { page } = panel;
        const box = await rows(panel).nth(0).boundingBox();
        assert.equal(box?.height, 40);
        const tiles = await page
          .locator(".tile")
          .evaluateAll((all) => all.map((tile) => tile.getBoundingClientRect().top));
        assert.equal(new Set(tiles).size, 4);
        assert.equal((await page.locator(".header-row").boundingBox())?.width, 1);
        assert.match(
          await seenText(rows(panel).nth(0)),
          /wait · *\s*place\.ts:19\s* · 1\.0 wait\/req\s* · ± 2\u2009%/,
        );
      },
      { width: 480 },
    ));

  for (const width of [1084, 900, 760, 520])
    test(`long names at ${width} px: the function is whole, the place keeps its line, nothing runs over`, () =>
      withPanel(
        async (panel) => {
          await rows(panel).nth(0).locator(".cell-chevron").click();
          const faults = await panel.page.evaluate(() => {
            const found: string[] = [];
            const inside = (part: Element, whole: Element | null) => {
              const [inner, outer] = [part.getBoundingClientRect(), whole?.getBoundingClientRect()];
              return (
                outer !== undefined && inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5
              );
            };
            for (const tail of document.querySelectorAll(".place.long .place-tail")) {
              const around = tail.closest(".cell-site, .frame, dd");
              if (!inside(tail, around) || tail.getBoundingClientRect().height > 24)
                found.push(`${tail.textContent} in ${around?.className}`);
            }
            for (const name of document.querySelectorAll(".function, .fact .strong"))
              if (
                (name.textContent ?? "").length < 25 &&
                name.scrollWidth > name.clientWidth + 1 &&
                name.clientWidth > 0
              )
                found.push(`${name.textContent} is cut`);
            for (const callee of document.querySelectorAll(".cell-site > .callee:not([hidden])"))
              if (!inside(callee, callee.parentElement)) found.push(`${callee.textContent} runs over`);
            return found;
          });
          assert.deepEqual(faults, []);
          assert.match(await seenText(rows(panel).nth(0)), /Table\.js:11/);
          const kinds = await Promise.all([1, 2].map((row) => seenText(rows(panel).nth(row))));
          assert.match(kinds[0] ?? "", /serialise/);
          assert.match(kinds[1] ?? "", /encode/);
        },
        { state: LONG_STATE, width },
      ));

  test("a budget's figure never loses its unit", () =>
    withPanel(
      async (panel) => {
        for (const width of [1440, 1084, 1001, 861, 860, 721, 520, 420]) {
          await panel.page.setViewportSize({ width, height: 900 });
          const cut = await panel.page
            .locator(".budget-head, .tile-amount, .tile > .impact")
            .evaluateAll((all) =>
              all.filter((part) => part.scrollWidth > part.clientWidth).map(({ textContent }) => textContent),
            );
          assert.deepEqual(cut, [], `${width} px`);
          const { right = 0 } = await panel.page
            .locator(".budget.waiting .whole")
            .evaluate((whole) => whole.getBoundingClientRect());
          assert.ok(right <= width, `${width} px`);
          assert.match(
            await seenText(panel.page.locator(".budget.waiting .budget-head")),
            /35,661\s+of 40,884 µs/,
          );
        }
      },
      { state: LONG_STATE },
    ));

  test("costs above what was measured are said to be the most it can be", () =>
    withPanel(
      async ({ page }) => {
        const [processor, waiting] = [0, 1].map((index) => page.locator(".budget-head").nth(index));
        assert.ok(processor !== undefined && waiting !== undefined);
        assert.match(await seenText(processor), /at most\s+535\s+of 164 µs\/req/);
        assert.match((await processor.getAttribute("title")) ?? "", /add up to more than the processor time/);
        assert.doesNotMatch(await seenText(waiting), /at most/);
      },
      { state: OVER_STATE },
    ));

  test("text keeps 4.5:1 in every theme, on a selected row too", async () => {
    for (const theme of Object.keys(all) as ThemeName[])
      await withPanel(
        async (panel) => {
          await rows(panel).nth(1).click();
          await panel.page.mouse.move(5, 5);
          const low = await panel.page.evaluate(() => {
            const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            if (brush === null) return ["no canvas"];
            const over = (colours: string[]) => {
              for (const colour of colours) {
                brush.fillStyle = colour;
                brush.fillRect(0, 0, 1, 1);
              }
              return [...brush.getImageData(0, 0, 1, 1).data];
            };
            const luminance = (rgb: number[]) => {
              const [r = 0, g = 0, b = 0] = rgb.map((value) =>
                value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
              );
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const found: string[] = [];
            const walker = document.createTreeWalker(
              document.querySelector(".page") as Element,
              NodeFilter.SHOW_TEXT,
            );
            for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
              const element = node.parentElement as HTMLElement;
              if (
                node.textContent?.trim() === "" ||
                element.closest(".hidden, :disabled, option") !== null ||
                !element.checkVisibility()
              )
                continue;
              const grounds: string[] = [];
              for (let up: Element | null = element; up !== null; up = up.parentElement)
                grounds.unshift(getComputedStyle(up).backgroundColor);
              const [text, ground] = [
                luminance(over([...grounds, getComputedStyle(element).color])),
                luminance(over(grounds)),
              ];
              const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
              if (ratio < 4.5) found.push(`${element.className} “${node.textContent}” ${ratio.toFixed(2)}`);
            }
            return [...new Set(found)];
          });
          assert.deepEqual(low, [], theme);
        },
        { theme },
      );
  });

  test("the theme's change is taken over, in the chart too", () =>
    withPanel(async ({ page }) => {
      const corner = () =>
        page.locator(".chart").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
      const before = await corner();
      await page.evaluate(({ bodyClass, variables }) => {
        document.body.className = bodyClass;
        for (const [name, value] of Object.entries(variables))
          document.documentElement.style.setProperty(name, value);
      }, all.lightModern);
      await page.waitForFunction(
        (was) => (document.querySelector(".chart") as HTMLCanvasElement).toDataURL() !== was,
        before,
      );
      assert.equal(
        await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
        "rgb(255, 255, 255)",
      );
    }));
});
