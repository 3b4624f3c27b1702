// The panel in a real browser: hotspots by pointer and keys: order, filters, details.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PanelState } from "../../src/protocol/panel.ts";
import { HOTSPOTS } from "./hotspots.ts";
import { HOSTILE, HOSTILE_STATE } from "./oddStates.ts";
import { REPORT } from "./report.ts";
import { RECORDING, STATES } from "./states.ts";
import { opened, places, rows, seenText, withPanel, withReport } from "./withPanel.ts";

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
      await page.getByLabel("Group hotspots").focus();
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
      const focused = () =>
        page.evaluate(() => document.activeElement?.querySelector(".place")?.textContent ?? null);
      await page.keyboard.press("ArrowDown");
      assert.equal(await focused(), "place.ts:29", "from the field into the list");
      await page.keyboard.press("/");
      await page.keyboard.press("End");
      await page.keyboard.type(" nothing at all");
      await page.getByText("No hotspot matches the filter.").waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await rows(panel).count(), 10);
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press("ArrowDown");
      assert.notEqual(await focused(), null, "where nothing had the focus");
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

  test("what has no price folds into an unknown, not into 0", () =>
    withPanel(
      async ({ page }) =>
        assert.equal(await seenText(page.locator(".fold-row")), "22 more: – µs/req processor, 4.0 waiting"),
      {
        state: withReport({
          hotspots: HOTSPOTS.map((each) =>
            each.category === "locks" ? each : { ...each, impactMicrosPerRequest: null },
          ),
        }),
      },
    ));

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
      await page.locator(".details .actions .link").first().focus();
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
        assert.equal(
          (await page.locator(".notice span").first().textContent())?.replace(" Run with one worker", ""),
          HOSTILE,
        );
        assert.ok((await page.locator(".details").textContent())?.includes(HOSTILE));
      },
      { state: HOSTILE_STATE },
    ));
});
