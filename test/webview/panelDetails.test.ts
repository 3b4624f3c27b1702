// The panel in a real browser: the open row's tabs by pointer and keys, and what is suppressed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Finding, Location } from "../../src/protocol/report.ts";
import { siteName } from "../../src/protocol/siteDetails.ts";
import { at, HOTSPOTS, hotspot } from "./hotspots.ts";
import { answered } from "./siteDetails.ts";
import { RECORDING } from "./states.ts";
import { opened, rows, seenText, withPanel, withReport } from "./withPanel.ts";

type Opened = Parameters<Parameters<typeof withPanel>[0]>[0];
const wanted = async (panel: Opened) =>
  (await panel.posted()).flatMap((message) => (message.type === "details" ? [message.wanted] : []));

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

  test("a caller that has the focus keeps it while new figures move it past another", () =>
    withPanel(async (panel) => {
      await rows(panel).nth(0).click();
      const state = answered("callers");
      await panel.send(state);
      const { page } = panel;
      const handler = page.locator(".caller").filter({ hasText: "handler" });
      const retry = page.locator(".caller").filter({ hasText: "retryOrder" });
      await retry.focus();
      const nodes = [
        [-1, 0, 268],
        [0, 3, 100],
        [0, 1, 90],
        [0, 2, 78],
      ] as const;
      for (const turned of [nodes, [nodes[0], nodes[3], nodes[1], nodes[2]]]) {
        if (state.details?.tree == null) throw new Error("no callers");
        await panel.send({
          ...state,
          details: { ...state.details, tree: { ...state.details.tree, nodes: turned } },
        });
        assert.equal(await page.locator(".caller:focus").count(), 1);
        assert.match(await seenText(page.locator(".caller:focus")), /retryOrder/);
      }
      const [first, last] = await Promise.all([retry, handler].map((each) => each.boundingBox()));
      assert.ok(first && last && first.y < last.y);
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

  test("all advice of a line's site is shown, two of a kind, too, and none of its neighbour's", () => {
    const [line, other] = [at("render.ts", 90, "render", 3), at("render.ts", 90, "render", 41)];
    const advice = (id: string, title: string, location: Location): Finding => ({
      id,
      claim: "",
      category: "copies",
      score: 1,
      title,
      evidence: "",
      advice: "",
      locations: [location],
    });
    const state = withReport({
      hotspots: [line, other].map((site, index) =>
        hotspot("copies", "concat", site, "Buffer.concat", 90 - index, 61_400, 1, 0.4),
      ),
      findings: [
        advice("copied-chain", "Copied on POST /orders.", line),
        advice("copied-chain", "Copied on GET /orders.", line),
        advice("joined-buffers", "Joined at each piece.", other),
        // Of what no row stands for, on the same line.
        advice("copy-amplification", "Copied often.", { ...line, column: 60 }),
      ],
    });
    return withPanel(
      async (panel) => {
        const shown = () => panel.page.locator(".advice-item strong").allTextContents();
        await rows(panel).nth(0).click();
        assert.deepEqual(await shown(), [
          "Copied on POST /orders.",
          "Copied on GET /orders.",
          "Copied often.",
        ]);
        await rows(panel).nth(1).click();
        assert.deepEqual(await shown(), ["Joined at each piece.", "Copied often."]);
      },
      { state },
    );
  });

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
