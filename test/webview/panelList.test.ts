// The list of hotspots in a real browser: groups of them, and as many rows as there are, of which few are in the page.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { packHotspots, unpackHotspots } from "../../src/protocol/hotspotTable.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { siteRefOf } from "../../src/protocol/siteDetails.ts";
import { type Panel, postMessage } from "./harness.ts";
import { HOTSPOTS } from "./hotspots.ts";
import { manyHotspots, manyState } from "./manyHotspots.ts";
import { opened, places, rows, seenText, withPanel } from "./withPanel.ts";

const MANY = 20_000;
const many = { state: manyState(MANY), kept: { unfolded: true } };
const FIRST_PACKED = 200;
const drawn = ({ page }: Panel) => page.evaluate(() => document.querySelectorAll("#app *").length);
/** The focused row: its place among all, and whether it is whole in sight, below the bar. */
const focused = ({ page }: Panel) =>
  page.evaluate(() => {
    const row = document.activeElement as HTMLElement;
    const { top, bottom } = row.getBoundingClientRect();
    const bar = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
    return {
      at: Number(row.getAttribute("aria-rowindex")),
      inSight: top >= bar - 0.5 && bottom <= innerHeight + 0.5,
    };
  });
/** Of the first row in sight: its key and how far down it stands. */
const inSight = ({ page }: Panel) =>
  page.evaluate(() => {
    const bar = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
    const top = (each: HTMLElement) => each.getBoundingClientRect().top;
    const [row] = [...document.querySelectorAll<HTMLElement>(".row")]
      .filter((each) => top(each) >= bar)
      .sort((a, b) => top(a) - top(b));
    return { key: row?.dataset.key, top: Math.round(row?.getBoundingClientRect().top ?? 0) };
  });

describe("groups", () => {
  test("by keyboard: chosen, opened to its lines, which open as before; Left goes back out; all of it is kept", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const grouping = page.getByLabel("Group hotspots");
      await grouping.focus();
      for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowDown");
      assert.equal(await grouping.inputValue(), "function");
      const group = page.locator(".group-row", { hasText: "objects" });
      assert.match(await seenText(group), /145[\s\S]*placeOrder[\s\S]*place.ts:28–29[\s\S]*2 lines[\s\S]*59/);
      await group.focus();
      await page.keyboard.press("ArrowRight");
      const members = page.locator(".row[aria-level='2']");
      assert.deepEqual(await members.locator(".place").allTextContents(), ["place.ts:28", "place.ts:29"]);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      assert.equal(await page.locator(".details[aria-level='3']").count(), 1);
      await page.keyboard.press("o");
      assert.equal((await opened(panel)).at(-1)?.location.line, 28);
      await page.keyboard.press("ArrowLeft");
      assert.equal(await page.locator(".details").count(), 0);
      await page.keyboard.press("ArrowLeft");
      assert.ok(await group.evaluate((row) => row === document.activeElement));
      await page.keyboard.press("ArrowLeft");
      assert.equal(await members.count(), 0);
      await page.keyboard.press("ArrowRight");
      const kept = await page.evaluate(() =>
        (window as unknown as { acquireVsCodeApi(): { getState(): unknown } }).acquireVsCodeApi().getState(),
      );
      await withPanel(
        async ({ page: again }) => {
          assert.equal(await again.getByLabel("Group hotspots").inputValue(), "function");
          assert.equal(await again.locator(".row[aria-level='2']").count(), 2);
        },
        { kept },
      );
    }));

  test("copied as Markdown with their lines; not suppressed as one", () =>
    withPanel(
      async (panel) => {
        const { page } = panel;
        await page.locator(".group-row", { hasText: "2 kinds" }).focus();
        await page.keyboard.press("c");
        const copied = (await panel.posted()).at(-1);
        assert.ok(copied?.type === "copy");
        assert.match(copied.text, /115 µs\/req processor\*\*, copies: `place.ts`/);
        assert.match(copied.text, /68 µs\/req serialise: `placeOrder` `place.ts:30` → `JSON.stringify`/);
        await page.keyboard.press("s");
        assert.equal((await panel.posted()).filter(({ type }) => type === "suppress").length, 0);
      },
      { kept: { grouping: "file" } },
    ));

  test("of what the filters leave: their sums are of what is listed", () =>
    withPanel(
      async (panel) => {
        const { page } = panel;
        await page.keyboard.press("/");
        await page.keyboard.type("stringify");
        assert.equal(await rows(panel).count(), 1);
        assert.match(await seenText(rows(panel)), /68[\s\S]*serialise[\s\S]*place.ts[\s\S]*1 line/);
      },
      { kept: { grouping: "file" } },
    ));

  test("by dependency and by line", () =>
    withPanel(
      async (panel) => {
        const grouping = panel.page.getByLabel("Group hotspots");
        assert.match(await seenText(rows(panel).nth(0)), /\(own code\)/);
        await grouping.selectOption("line");
        assert.equal(await panel.page.locator(".group-row").count(), 0, "a line with one site is that site");
        assert.equal((await places(panel))[0], "part3.ts:4");
      },
      { state: manyState(100), kept: { grouping: "dependency" } },
    ));
});

describe("many rows", () => {
  test("however many there are, the page holds as many elements; screen readers learn of all", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const seen: number[] = [];
      assert.equal(await page.getByRole("treegrid").getAttribute("aria-rowcount"), `${MANY + 2}`);
      for (const part of [0.2, 0.5, 0.8, 1]) {
        await page.evaluate((to) => window.scrollTo(0, to * document.body.scrollHeight), part);
        await page.waitForFunction(() =>
          [...document.querySelectorAll(".row")].some((row) => row.getBoundingClientRect().top > 60),
        );
        seen.push(await drawn(panel));
      }
      const [least, most] = [Math.min(...seen), Math.max(...seen)];
      assert.ok(most < 1.6 * least && most < 8_000, `${seen.join(", ")} elements`);
      const last = page.locator(`.row[aria-rowindex="${MANY + 2}"]`);
      assert.deepEqual(
        [await last.getAttribute("aria-posinset"), await last.getAttribute("aria-setsize")],
        [`${MANY + 1}`, `${MANY + 1}`],
      );
    }, many));

  test("rows are read out in the order in which they stand, also after a long way, and the focus stays", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(3).focus();
      const { at: standing } = await focused(panel);
      for (const to of [30_000, 31_000, 90_000, 20_000]) {
        await page.evaluate((top) => window.scrollTo(0, top), to);
        await page.waitForFunction(() => {
          const listed = [...document.querySelectorAll(".rows > .row")];
          const places = listed.map((row) => Number(row.getAttribute("aria-rowindex")));
          const seen = listed.some((row) => row.getBoundingClientRect().top > 60);
          return seen && places.every((place, at) => at === 0 || place > (places[at - 1] ?? 0));
        });
        assert.equal((await focused(panel)).at, standing);
      }
    }, many));

  test("keys reach every row: End, Home, pages, and one row is in the tab order wherever it is", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await rows(panel).nth(0).focus();
      const go = async (key: string) => {
        await page.keyboard.press(key);
        assert.equal(await page.locator(".row[tabindex='0']").count(), 1, key);
        const { at, inSight: seen } = await focused(panel);
        assert.ok(seen, `${key}: row ${at} is in sight`);
        return at;
      };
      assert.equal(await go("End"), MANY + 2);
      assert.equal(await go("ArrowUp"), MANY + 1);
      const up = await go("PageUp");
      assert.ok(up < MANY - 20 && up > MANY - 60, `${up}`);
      assert.equal(await go("Home"), 2);
      const down = await go("PageDown");
      assert.ok(down > 20 && down < 60, `${down}`);
      assert.equal(await go("ArrowDown"), down + 1);
      await page.evaluate(() => window.scrollTo(0, 200_000));
      await page.waitForFunction(() => window.scrollY === 200_000);
      assert.equal((await focused(panel)).at, down + 1, "scrolled out of sight it keeps the focus");
      assert.equal(await go("ArrowDown"), down + 2);
    }, many));

  test("the filter looks through all of them, folded and out of sight", () =>
    withPanel(
      async (panel) => {
        await panel.page.keyboard.press("/");
        await panel.page.keyboard.type("part49.ts:20000");
        assert.deepEqual(await places(panel), ["part49.ts:20000"]);
      },
      { state: many.state },
    ));

  test("an open row in the midst of many: its height is known, the rows after it stand below it", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await page.evaluate(() => window.scrollTo(0, 100_000));
      await page.waitForFunction(() => window.scrollY === 100_000);
      const { key } = await inSight(panel);
      const row = page.locator(`.row[data-key="${key}"]`);
      await row.locator(".cell-chevron").click();
      const overlap = await page.evaluate(() => {
        const boxes = [...document.querySelectorAll(".rows > *")].map((each) => each.getBoundingClientRect());
        return boxes.filter((box, at) => at > 0 && Math.abs(box.top - (boxes[at - 1]?.bottom ?? 0)) > 0.5)
          .length;
      });
      // What is pinned out of sight stands apart.
      assert.ok(overlap <= 1, `${overlap} rows do not follow each other`);
      assert.equal(await page.getByRole("treegrid").getAttribute("aria-rowcount"), `${MANY + 3}`);
      const asked = (await panel.posted()).filter((message) => message.type === "details").at(-1);
      assert.ok(asked?.type === "details" && asked.wanted !== null);
    }, many));

  test("new figures move nothing that is in sight, also where rows above come and go", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await page.evaluate(() => window.scrollTo(0, 100_000));
      await page.waitForFunction(() => window.scrollY === 100_000);
      await page.waitForFunction(() => document.querySelectorAll(".row").length > 20);
      const before = await inSight(panel);
      await panel.send(manyState(MANY, (all) => all.slice(50)));
      assert.deepEqual(await inSight(panel), before, "50 rows above are gone");
      await panel.send(many.state);
      assert.deepEqual(await inSight(panel), before, "and there again");
    }, many));
});

test("packed, all that a row shows comes out as it went in", () => {
  const shown = ({ stack: _, keys: __, queue: ___, hold: ____, releaser: _____, ...rest }: Hotspot) => ({
    dependency: null,
    ...rest,
  });
  const all = [
    ...HOTSPOTS,
    ...manyHotspots(500),
    { ...(HOTSPOTS[0] as Hotspot), perRequest: null, impactMicrosPerRequest: null, relativeError: null },
  ];
  assert.deepEqual(unpackHotspots(packHotspots(all, 4)).map(shown), all.map(shown));
});

/** The open row's place, whether it is whole in sight, and what stands in its middle. */
const openInSight = ({ page }: Panel) =>
  page.evaluate(() => {
    const row = document.querySelector<HTMLElement>(".row[data-key][aria-expanded='true']:not(.fold-row)");
    const { top = 0, bottom = 0, left = 0 } = row?.getBoundingClientRect() ?? {};
    const bar = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
    const there = document.elementFromPoint(left + 40, (top + bottom) / 2);
    return {
      place: row?.querySelector(".place")?.textContent,
      inSight: top >= bar - 0.5 && bottom <= innerHeight + 0.5,
      covered: there === null || row?.contains(there) !== true,
    };
  });

for (const [list, count, wanted] of [
  ["one screen", 12, [11, 0, 5]],
  ["what is not packed", FIRST_PACKED, [FIRST_PACKED - 1, 30, 120]],
  ["many", MANY, [FIRST_PACKED + 1_000, 60, MANY - 1, 0, FIRST_PACKED]],
] as const)
  for (const height of [900, 420])
    test(`a row is opened where the host asks for it, and stands in sight: ${list}, ${height} px`, () =>
      withPanel(
        async (panel) => {
          const { page } = panel;
          for (const rank of wanted) {
            const site = siteRefOf(manyHotspots(count)[rank] as Hotspot);
            await postMessage(page, { type: "reveal", site });
            await page.locator(".row[aria-expanded='true']", { hasText: `:${site.line}` }).waitFor();
            const place = `part${rank % 50}.ts:${site.line}`;
            assert.deepEqual(await openInSight(panel), { place, inSight: true, covered: false });
            // What it asked for makes it higher, and newer figures come.
            await panel.send(manyState(count));
            assert.deepEqual(await openInSight(panel), { place, inSight: true, covered: false });
          }
        },
        { state: manyState(count), height },
      ));
