// The panel in a real browser: the open row's tabs by pointer and keys, and what is suppressed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { siteName } from "../../src/protocol/siteDetails.ts";
import { HOTSPOTS } from "./hotspots.ts";
import { answered } from "./siteDetails.ts";
import { RECORDING } from "./states.ts";
import { opened, rows, seenText, withPanel } from "./withPanel.ts";

type Opened = Parameters<Parameters<typeof withPanel>[0]>[0];
const wanted = async (panel: Opened) =>
  (await panel.posted()).flatMap((message) => (message.type === "details" ? [message.wanted] : []));

async function openFlame(panel: Opened): Promise<void> {
  await rows(panel).nth(0).click();
  await panel.page.getByRole("tab", { name: "Flame graph" }).click();
  await panel.send(answered("flame"));
}

describe("open row", () => {
  test("it asks for its callers, shows them as a tree that keys walk and fold, and ends it when it closes", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(0).click();
      const [asked] = await wanted(panel);
      assert.deepEqual([asked?.view, asked?.site.line], ["callers", 19]);
      await panel.send(answered("callers"));
      const callers = page.locator(".caller");
      assert.equal(await callers.count(), 5);
      assert.match(await seenText(callers.nth(1)), /handler[\s\S]*awaits it[\s\S]*221[\s\S]*80/);
      await callers.nth(0).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowLeft");
      assert.equal(await callers.count(), 4);
      await page.keyboard.press("o");
      assert.deepEqual(
        (await opened(panel)).map(({ location }) => location.line),
        [12],
      );
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowLeft");
      assert.equal(await callers.count(), 1);
      await rows(panel).nth(0).click();
      assert.equal((await wanted(panel)).at(-1), null);
    }));

  test("the flame graph: tabs by keys, frames by keys, zoom and back, a table twin", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(0).click();
      await page.getByRole("tab", { name: "Callers" }).focus();
      await page.keyboard.press("ArrowRight");
      assert.equal((await wanted(panel)).at(-1)?.view, "flame");
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

  test("the flame graph: the wheel zooms where the pointer is, alone it scrolls the page; + and - by keys", () =>
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

  test("the flame graph's search: what is found, its share of all counted once, Enter goes on, Esc clears", () =>
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
      assert.equal(await seenText(found), "Nothing found");
      await input.press("Escape");
      assert.equal(await page.locator(".flame.searched").count(), 0);
      await input.press("Escape");
      assert.equal(await page.locator(".flame-frame:focus").count(), 1);
    }));

  test("the lock grid stands for locks alone, and says where waiting gathers", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(0).click();
      await page.getByRole("tab", { name: "Lock grid" }).click();
      await panel.send(answered("grid"));
      assert.match(await seenText(page.locator(".lock-grid")), /orders:17[\s\S]*placeOrder[\s\S]*166/);
      assert.match(await seenText(page.locator(".grid-words")), /74\u2009% of this waiting is in placeOrder/);
      await rows(panel).nth(1).click();
      assert.ok(await page.getByRole("tab", { name: "Lock grid" }).isHidden());
      assert.equal(await page.getByRole("tab", { selected: true }).textContent(), "Callers");
    }));

  test("s suppresses a site, the list says so, and there is a way back", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(1).focus();
      await page.keyboard.press("s");
      const sent = (await panel.posted()).flatMap((message) =>
        message.type === "suppress" ? [message] : [],
      );
      assert.deepEqual(
        sent.map(({ site, suppressed }) => [site.line, suppressed]),
        [[28, true]],
      );
      const before = await rows(panel).count();
      const suppressed = HOTSPOTS.slice(1, 2).map(siteName);
      await panel.send({ ...RECORDING, suppressed });
      assert.equal(await rows(panel).count(), before - 1);
      assert.ok(await page.getByText("1 site is suppressed; totals count it.").isVisible());
      await page.locator(".suppressed-note").getByRole("button", { name: "Show" }).click();
      assert.equal(await rows(panel).count(), before);
      await page.locator(".is-suppressed").click();
      await page.getByRole("button", { name: "Show again" }).click();
      const last = (await panel.posted()).at(-1);
      assert.ok(last?.type === "suppress" && !last.suppressed);
    }));
});
