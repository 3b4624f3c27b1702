// The panel in a real browser: an open row's flame graph by pointer, wheel and keys, its search, and while figures change.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import type { CallTree } from "../../src/protocol/siteDetails.ts";
import { siteRefOf } from "../../src/protocol/siteDetails.ts";
import { HOTSPOTS } from "./hotspots.ts";
import { answered } from "./siteDetails.ts";
import { RECORDING } from "./states.ts";
import { opened, rows, seenText, withPanel } from "./withPanel.ts";

type Opened = Parameters<Parameters<typeof withPanel>[0]>[0];
type Nodes = CallTree["nodes"];

async function openFlame(panel: Opened): Promise<void> {
  await rows(panel).nth(0).click();
  await panel.page.getByRole("tab", { name: "Flame graph" }).click();
  await panel.send(answered("flame"));
}

/** The flame graph of a row of the list, with other figures or frames. */
function flameOf(change: (tree: CallTree) => CallTree, at = 0) {
  const state = answered("flame");
  const [details, hotspot] = [state.details, HOTSPOTS[at]];
  if (details?.tree == null || hotspot === undefined) throw new Error("no flame graph");
  return { ...RECORDING, details: { ...details, site: siteRefOf(hotspot), tree: change(details.tree) } };
}
const withNodes = (nodes: Nodes) => flameOf((tree) => ({ ...tree, nodes }));
/** rateFor stands first and not last. */
const TURNED: Nodes = [
  [-1, -1, 900],
  [0, 8, 500],
  [1, 9, 500],
  [0, 4, 300],
  [3, 1, 300],
  [0, 3, 100],
];

/** Rolls the wheel over the middle of the graph; whether the page was kept from scrolling. */
const roll = (panel: Opened, deltaX: number, deltaY: number, ctrlKey = false) =>
  panel.page.locator(".flame").evaluate(
    (stage, [x = 0, y = 0, ctrl = 0]) => {
      const { left, width, top } = stage.getBoundingClientRect();
      const init = { clientX: left + width / 2, clientY: top + 4, bubbles: true, cancelable: true };
      return !stage.dispatchEvent(
        new WheelEvent("wheel", { ...init, deltaX: x, deltaY: y, ctrlKey: ctrl === 1 }),
      );
    },
    [deltaX, deltaY, ctrlKey ? 1 : 0],
  );

describe("flame graph", () => {
  test("tabs by keys, frames by keys, zoom and back, a table twin", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(0).click();
      await page.getByRole("tab", { name: "Callers" }).focus();
      await page.keyboard.press("ArrowRight");
      const asked = (await panel.posted()).findLast(({ type }) => type === "details");
      assert.ok(asked?.type === "details" && asked.wanted?.view === "flame");
      await panel.send(answered("flame"));
      const frames = page.locator(".flame-frame");
      const all = await frames.count();
      assert.equal(all, 13);
      assert.equal(await page.locator(".flame-frame.here").count(), 2);
      await frames.nth(0).focus();
      for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
      assert.match(await seenText(page.locator(".flame-line")), /rateFor rates\.ts:31: 40 µs\/req, 10/);
      await page.keyboard.press("Enter");
      assert.equal(await frames.count(), 3);
      await page.keyboard.press("Escape");
      assert.equal(await frames.count(), all);
      await frames
        .filter({ hasText: "rateFor" })
        .first()
        .click({ modifiers: ["Control"] });
      assert.deepEqual((await opened(panel)).at(-1)?.location.line, 31);
      assert.match((await page.locator(".flame-twin").textContent()) ?? "", /placeOrderplace\.ts:19221/);
      await frames.nth(3).click();
      await page.getByRole("button", { name: "Whole graph" }).click();
      assert.equal(await frames.count(), all);
    }));

  test("the wheel zooms where the pointer is, alone it scrolls the page; + and - by keys", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await openFlame(panel);
      const handler = page.locator(".flame-frame").filter({ hasText: "handler" });
      const widthOf = async () => (await handler.boundingBox())?.width ?? 0;
      const before = await widthOf();
      await handler.hover();
      const [span, prevented] = await page.evaluate(() => {
        const frame = [...document.querySelectorAll<HTMLElement>(".flame-frame")].find(
          ({ textContent }) => textContent === "handler",
        );
        const { left, width, top } = frame?.getBoundingClientRect() ?? new DOMRect();
        const roll = (ctrlKey: boolean) =>
          frame?.dispatchEvent(
            new WheelEvent("wheel", {
              deltaY: -60,
              clientX: left + width / 2,
              clientY: top + 4,
              ctrlKey,
              bubbles: true,
              cancelable: true,
            }),
          ) === false;
        const alone = roll(false);
        return [document.querySelectorAll(".flame-frame").length, [alone, roll(true)]] as const;
      });
      assert.deepEqual([span, prevented], [13, [false, true]]);
      assert.ok((await widthOf()) > before * 1.1, "nearer");
      await page.getByRole("button", { name: "Whole graph" }).click();
      assert.equal(await widthOf(), before);
      await handler.focus();
      await page.keyboard.press("+");
      assert.ok((await widthOf()) > before * 1.2, "nearer by keys");
      assert.match(await seenText(page.locator(".flame-frame:focus")), /handler/);
      await page.keyboard.press("-");
      assert.equal(Math.round(await widthOf()), Math.round(before));
    }));

  test("under many frames of a framework the row's own one is in sight, once: then the reader scrolls", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const deep = (value: number) =>
        flameOf((tree) => {
          const { file, line } = HOTSPOTS[0] ?? assert.fail("no hotspot");
          const own = tree.frames.findIndex((frame) => frame.file === file && frame.line === line);
          assert.ok(own >= 0);
          const other = own === 0 ? 1 : 0;
          const nodes: Nodes = Array.from({ length: 31 }, (_, at) => [
            at - 1,
            at === 0 ? -1 : at < 30 ? other : own,
            value,
          ]);
          return { ...tree, nodes };
        }, 0);
      await rows(panel).nth(0).click();
      await page.getByRole("tab", { name: "Flame graph" }).click();
      await panel.send(deep(900));
      const scroller = page.locator(".flame-scroll");
      const within = await page
        .locator(".flame-frame.here")
        .last()
        .evaluate((frame) => {
          const [own, room] = [frame, frame.closest(".flame-scroll") as Element].map((each) =>
            each.getBoundingClientRect(),
          );
          return own !== undefined && room !== undefined && own.top >= room.top && own.bottom <= room.bottom;
        });
      assert.ok(within);
      await scroller.evaluate((each) => each.scrollTo(0, 0));
      await panel.send(deep(901));
      assert.equal(await scroller.evaluate((each) => each.scrollTop), 0);
    }));

  test("the search: what is found, its share of all counted once, Enter goes on, Esc clears", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await openFlame(panel);
      await page.locator(".flame-frame").first().focus();
      await page.keyboard.press("/");
      const input = page.locator(".flame-search input");
      assert.ok(await input.evaluate((at) => at === document.activeElement));
      await input.fill("place");
      const found = page.locator(".flame-found");
      // 221 and 47 of 389: what they call is inside them.
      assert.match(await seenText(found), /^69\s?% in 2 frames$/);
      assert.equal(await page.locator(".flame-frame.match").count(), 2);
      await input.press("Enter");
      assert.match(await seenText(page.locator(".flame-line")), /placeOrder place\.ts:19: 221/);
      await input.press("Enter");
      assert.match(await seenText(page.locator(".flame-line")), /placeOrder place\.ts:19: 47/);
      await input.fill("nowhere");
      assert.equal(await seenText(found), "Not among the frames shown");
      await input.press("Escape");
      assert.equal(await page.locator(".flame.searched").count(), 0);
      await input.press("Escape");
      assert.equal(await page.locator(".flame-frame:focus").count(), 1);
    }));

  test("zoomed, a trackpad scrolls the page though it is never quite upright; sideways it shifts the graph", () =>
    withPanel(async (panel) => {
      await openFlame(panel);
      await roll(panel, 0, -120, true);
      const handler = panel.page.locator(".flame-frame").filter({ hasText: "handler" });
      const endOf = async () => {
        const { x, width } = (await handler.boundingBox()) ?? { x: 0, width: 0 };
        return x + width;
      };
      const before = await endOf();
      assert.equal(await roll(panel, 3, 40), false);
      assert.equal(await endOf(), before);
      assert.equal(await roll(panel, -40, 3), true);
      assert.ok((await endOf()) > before);
    }));

  test("a frame that calls and is awaited has both its halves, and the search goes to each", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await openFlame(panel);
      const called = (tree: CallTree): CallTree => ({
        ...tree,
        frames: tree.frames.flatMap((each, at) => (at === 1 ? [each, { ...each, async: false }] : [each])),
        nodes: [
          [-1, -1, 388],
          [0, 1, 200],
          [0, 2, 188],
        ],
      });
      await panel.send(flameOf(called));
      assert.equal(await page.locator(".flame-frame").count(), 3);
      await page.locator(".flame-search input").fill("handler");
      const line = page.locator(".flame-line");
      await page.keyboard.press("Enter");
      assert.match(await seenText(line), /handler routes\.ts:12: 200/);
      await page.keyboard.press("Enter");
      assert.match(await seenText(line), /handler routes\.ts:12: 188/);
    }));

  test("what was found last stands out and is said; while figures change nothing is said again", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await openFlame(panel);
      await page.locator(".flame-search input").fill("place");
      const spoken = page.locator(".flame-search").getByRole("status");
      assert.match((await spoken.textContent()) ?? "", /^69\s?% in 2 frames$/);
      await panel.send(flameOf((tree) => ({ ...tree, rest: 100 })));
      assert.match(await seenText(page.locator(".flame-found")), /^55\s?% in 2 frames$/);
      assert.match((await spoken.textContent()) ?? "", /^69\s?% in 2 frames$/);
      const current = page.locator(".flame-frame.current");
      assert.equal(await current.count(), 0);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      assert.equal(await current.count(), 1);
      assert.match((await current.getAttribute("aria-label")) ?? "", /placeOrder place\.ts:19: 47/);
      assert.equal(await current.getAttribute("aria-current"), "true");
      assert.match((await spoken.textContent()) ?? "", /placeOrder place\.ts:19: 47/);
      const [own, other] = await page
        .locator(".flame-frame.match")
        .evaluateAll((all) => all.map((each) => getComputedStyle(each).backgroundColor).reverse());
      assert.notEqual(own, other);
    }));

  test("in a narrow panel what was found stands after the field, and all of it in sight", () =>
    withPanel(
      async (panel) => {
        await openFlame(panel);
        const { page } = panel;
        await page.locator(".flame-search input").fill("nowhere");
        const [field, found, view] = await Promise.all(
          [".flame-search .search", ".flame-found", ".flame-view"].map((name) =>
            page.locator(name).evaluate((each) => {
              const { left, right, top } = each.getBoundingClientRect();
              return { left, right, top };
            }),
          ),
        );
        assert.ok(field && found && view);
        assert.ok(found.top > field.top || found.left > field.left);
        assert.ok(Math.max(field.right, found.right) <= view.right);
      },
      { width: 360 },
    ));

  test("new figures that change the frames' order leave the focus and the zoom where they are", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await openFlame(panel);
      await page.locator(".flame-frame").filter({ hasText: "rateFor" }).focus();
      await page.keyboard.press("+");
      await panel.send(withNodes(TURNED));
      assert.match(await seenText(page.locator(".flame-frame:focus")), /rateFor/);
      await page.keyboard.press("/");
      assert.equal(await page.locator(".flame-search input:focus").count(), 1);
    }));

  test("a frame that is gone hands the focus on within the graph", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await openFlame(panel);
      await page.locator(".flame-frame").filter({ hasText: "rateFor" }).focus();
      await panel.send(withNodes(TURNED.slice(0, 1)));
      assert.equal(await page.locator(".flame-frame:focus").count(), 1);
    }));

  test("zoom and search stay for rows that share the graph, and end with another category's", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await openFlame(panel);
      const input = page.locator(".flame-search input");
      const whole = page.getByRole("button", { name: "Whole graph" });
      await roll(panel, 0, -120, true);
      await input.fill("place");
      const next = HOTSPOTS.findIndex(({ category }, at) => at > 0 && category === "locks");
      await rows(panel).nth(next).click();
      await panel.send(flameOf((tree) => tree, next));
      assert.deepEqual([await input.inputValue(), await whole.isVisible()], ["place", true]);
      await rows(panel).nth(1).click();
      await panel.send(flameOf((tree) => tree, 1));
      assert.deepEqual([await input.inputValue(), await whole.isVisible()], ["", false]);
      assert.equal(await page.locator(".flame.searched").count(), 0);
    }));

  test("its table twin is named within a German sentence as German writes it", async () => {
    const words = JSON.parse(
      await readFile(new URL("../../l10n/bundle.l10n.de.json", import.meta.url), "utf8"),
    );
    await withPanel(
      async (panel) => {
        await rows(panel).nth(2).click();
        await panel.page.getByRole("tab", { name: "Flammengraph" }).click();
        await panel.send(flameOf((tree) => tree, 2));
        const caption = await panel.page.locator(".flame-twin caption").textContent();
        assert.equal(caption, "Flammengraph: Kopien");
      },
      { words },
    );
  });
});
