// The comparison's view in a real browser: its states, the list, keys, what is kept, widths, accessibility.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultsOf, useAxe } from "./axe.ts";
import { COMPARE_STATES, type CompareStateName } from "./comparisons.ts";
import type { CompareView, ThemeName } from "./harness.ts";
import { seenText, withComparison } from "./withPanel.ts";

const changes = ({ page }: CompareView) => page.locator(".row:not(.fold-row)");
const heads = ({ page }: CompareView) => page.locator(".group-row");

describe("states", () => {
  test("it asks for the state once it has loaded", () =>
    withComparison(async (view) => {
      assert.deepEqual((await view.posted())[0], { type: "ready", version: 1 });
    }));

  const expected: Record<CompareStateName, { text: string[]; absent: string[] }> = {
    reading: {
      text: ["Comparing", "monday and tuesday are read"],
      absent: ["Hotspots", "req/s", "did not work"],
    },
    error: {
      text: ["This did not work", "it was cut off", "Choose another one."],
      absent: ["Hotspots", "req/s"],
    },
    choosing: {
      text: ["Which two recordings?", "“monday → tuesday”", "Choose them above"],
      absent: ["did not work", "Hotspots", "req/s"],
    },
    traded: {
      text: [
        "2,311 req/s, was 2,304",
        "479 of 1,291 µs/req, was 535 of 1,354",
        "157 of 2,890 µs latency, was 388 of 3,420",
        "A copy was traded for a hand-off.",
        "103 KB/req, was 187",
        "at 2,311 req/s, was 2,304",
        "2, +77 µs/req processor",
        "4, −234 µs/req waiting, −135 µs/req processor",
        "22 more without a clear change",
      ],
      absent: ["The loads differ", "Nothing differs"],
    },
    otherLoads: {
      text: ["The loads differ: 2,304 req/s before, 3,100 now.", "Node: v24.21.0 before", "8 cores before"],
      absent: [],
    },
    grown: { text: ["×\u20091,553", "×\u200950", "43,539 µs/req new"], absent: ["155,233", "– clear"] },
    unavailable: { text: ["not reported", "317 of – µs/req, was 417 of –"], absent: ["0 of"] },
    same: {
      text: ["Nothing differs by more than two runs of the same server do.", "No clear change"],
      absent: ["traded", "More\n"],
    },
    known: {
      text: [
        "A lock was split, and waits hardly fell.",
        "3, +350 µs/req waiting, +30 µs/req processor",
        "1, −400 µs/req waiting",
      ],
      absent: ["Nothing differs"],
    },
    fixed: { text: ["monday", "tuesday", "479 of 1,291"], absent: ["wednesday"] },
  };
  for (const [name, { text, absent }] of Object.entries(expected))
    test(name, () =>
      withComparison(
        async ({ page }) => {
          // Options of a closed list count as text that is laid out.
          const seen = (await seenText(page.locator("#app")))
            .replace(/\s*\n\s*/g, "\n")
            .replace(/[ \u00a0]+/g, " ");
          const flat = seen.replaceAll("\n", " ").replace(/ +/g, " ");
          for (const words of text) assert.ok(flat.includes(words), `${words} in ${flat}`);
          for (const words of absent) assert.ok(!seen.includes(words), words);
        },
        { state: COMPARE_STATES[name as CompareStateName] },
      ),
    );

  test("a page that nobody answers offers nothing to choose", () =>
    withComparison(
      async ({ page }) => {
        assert.equal(await page.locator(".controls").isVisible(), false);
        assert.equal(await page.locator("select").first().isVisible(), false);
      },
      { state: COMPARE_STATES.fixed },
    ));

  test("another version of the host is told apart", () =>
    withComparison(async ({ page }) => {
      await page.evaluate(() => window.postMessage({ type: "comparison", version: 99, state: {} }, "*"));
      await page.getByRole("paragraph").filter({ hasText: "another version of Darcy" }).waitFor();
    }));
});

describe("what it asks of the host", () => {
  test("another recording on a side, the two swapped, Markdown", () =>
    withComparison(async (view) => {
      const { page } = view;
      const [monday, tuesday, wednesday] = COMPARE_STATES.traded.choices.map(({ path }) => path);
      await page.getByLabel("Now: recording").selectOption(wednesday ?? "");
      assert.deepEqual((await view.posted()).at(-1), { type: "choose", before: monday, after: wednesday });
      await view.send(COMPARE_STATES.traded);
      await page.getByRole("button", { name: "Swap the two" }).click();
      assert.deepEqual((await view.posted()).at(-1), { type: "choose", before: tuesday, after: monday });
      await page.getByRole("button", { name: "Show as Markdown" }).click();
      assert.deepEqual((await view.posted()).at(-1), { type: "markdown" });
      await page.getByRole("button", { name: "Export as a web page" }).click();
      assert.deepEqual((await view.posted()).at(-1), { type: "export" });
    }));

  test("a side that is still to be chosen is chosen in its list", () =>
    withComparison(
      async (view) => {
        const [, tuesday] = COMPARE_STATES.traded.choices.map(({ path }) => path);
        await view.page.getByLabel("Now: recording").selectOption(tuesday ?? "");
        assert.deepEqual((await view.posted()).at(-1), { type: "choose", before: "", after: tuesday });
      },
      { state: COMPARE_STATES.choosing },
    ));

  test("places open, also those of a warning and of the baseline", () =>
    withComparison(async (view) => {
      const { page } = view;
      const last = async () => (await view.posted()).at(-1);
      const pack = { file: "/home/ada/orders/src/pack.ts", line: 18, column: 9 };
      await page.locator(".compare-findings .place").click();
      assert.deepEqual(await last(), { type: "open", location: pack, toSide: false });
      await changes(view)
        .nth(0)
        .locator(".place")
        .click({ modifiers: ["Alt"] });
      assert.deepEqual(await last(), { type: "open", location: pack, toSide: true });
      await changes(view).nth(2).locator(".cell-chevron").click();
      await page.locator(".details .place").first().click();
      const opened = await last();
      assert.ok(opened?.type === "open" && opened.location.line === 19);
    }));
});

describe("the list", () => {
  test("by keyboard: from row to row, open, source, copy, groups fold", () =>
    withComparison(async (view) => {
      const { page } = view;
      await heads(view).nth(0).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      assert.equal(await changes(view).nth(0).getAttribute("aria-expanded"), "true");
      const details = await seenText(page.locator(".details"));
      for (const words of ["Baseline", "46 µs/req", "2,304 req/s", "2,311 req/s", "–"])
        assert.ok(details.includes(words), `${words} in ${details}`);
      await page.keyboard.press("o");
      await page.keyboard.press("c");
      const [opened, copied] = (await view.posted()).slice(-2);
      assert.equal(opened?.type, "open");
      assert.ok(copied?.type === "copy");
      assert.match(
        copied.text,
        /`packReceipt` .*pack\.ts:18.* round trip: – → 46 µs\/req \(2\.0 hand-offs\) of processor time at 2,304 → 2,311 req\/s, /,
      );
      await page.keyboard.press("ArrowLeft");
      assert.equal(await page.locator(".details").count(), 0);
      await page.keyboard.press("Home");
      const before = await changes(view).count();
      await page.keyboard.press("ArrowLeft");
      assert.equal(await changes(view).count(), before - 2);
      assert.equal(await heads(view).nth(0).getAttribute("aria-expanded"), "false");
      await page.keyboard.press("End");
      assert.match(await seenText(page.locator(":focus")), /22 more without a clear change/);
      await page.keyboard.press("ArrowRight");
      assert.equal(await changes(view).count(), before - 2 + 22);
    }));

  test("a later row is opened by key without losing the focus", () =>
    withComparison(async (view) => {
      const { page } = view;
      await changes(view).nth(0).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator('.row[aria-expanded="true"]:focus').waitFor();
      assert.equal(await changes(view).nth(1).getAttribute("aria-expanded"), "true");
    }));

  test("it filters by kind of time, category and text; Escape shows all", () =>
    withComparison(async (view) => {
      const { page } = view;
      const all = await changes(view).count();
      await page.getByRole("radio", { name: "Waiting" }).click();
      assert.equal(await page.locator(".row:not(.fold-row) .impact-bar:not(.hatched)").count(), 0);
      await page.keyboard.press("Escape");
      await page.keyboard.press("2");
      assert.equal(await changes(view).count(), 1);
      await page.keyboard.press("Escape");
      await page.keyboard.press("/");
      await page.keyboard.type("renderPart");
      assert.equal(await changes(view).count(), 21, "what is searched for is not folded away");
      await page.keyboard.press("Escape");
      assert.equal(await changes(view).count(), all);
      await page.locator(".search input").fill("nowhere");
      assert.ok(await page.getByText("No change matches the filter.").isVisible());
    }));

  test("processor and waiting time are never one sum", () =>
    withComparison(async (view) => {
      assert.doesNotMatch(await seenText(heads(view).nth(1)), /369/);
    }));

  test("the longest bar is the baseline's, drawn to one scale", () =>
    withComparison(async (view) => {
      const [was, is] = await changes(view)
        .nth(2)
        .locator(".was-bar, .impact-bar")
        .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
      assert.ok(was !== undefined && is !== undefined && Math.abs(is / was - 34 / 268) < 0.02);
    }));
});

test("the time line has a table twin with both sides' figures", () =>
  withComparison(async ({ page }) => {
    const heads = await page.locator(".twin thead th").allTextContents();
    assert.deepEqual(heads.slice(0, 3), ["Time", "Processor, µs/req, baseline", "Processor, µs/req, now"]);
    const rows = await page.locator(".twin tbody tr").count();
    assert.ok(rows > 10 && rows <= 30);
    assert.match((await page.locator(".twin tbody tr").last().textContent()) ?? "", /2,3\d\d2,3\d\d$/);
  }));

test("what the reader chose comes back, with the two recordings for the host", () =>
  withComparison(
    async (view) => {
      assert.equal(await view.page.locator(".search input").inputValue(), "place");
      await view.page.locator(".search input").fill("pack");
      const kept = await view.page.evaluate(() =>
        (window as unknown as { acquireVsCodeApi(): { getState(): unknown } }).acquireVsCodeApi().getState(),
      );
      const { before, after } = COMPARE_STATES.traded;
      assert.deepEqual(
        { ...(kept as object), scrollTop: 0 },
        {
          segment: "all",
          category: null,
          text: "pack",
          open: null,
          closed: ["less"],
          whole: [],
          scrollTop: 0,
          before: before.path,
          after: after.path,
        },
      );
    },
    { kept: { text: "place", closed: ["less", "nonsense"], segment: 7, open: {} } },
  ));

for (const [width, state] of [1400, 1200, 1000, 860, 760, 720, 520, 400].flatMap((each) =>
  (["otherLoads", "grown"] as const).map((name) => [each, name] as const),
))
  test(`${state} at ${width} px: nothing is wider than the view, and tiles' figures do not meet`, () =>
    withComparison(
      async ({ page }) => {
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        const met = await page.locator(".compare-tile").evaluateAll((tiles) =>
          tiles.flatMap((tile) => {
            const boxes = [...tile.children].map((part) => ({
              name: part.className,
              text: part.textContent ?? "",
              box: part.getBoundingClientRect(),
            }));
            return boxes.flatMap((a, at) =>
              boxes.slice(at + 1).flatMap((b) => {
                const over =
                  a.text !== "" &&
                  b.text !== "" &&
                  a.box.left < b.box.right - 1 &&
                  b.box.left < a.box.right - 1 &&
                  a.box.top < b.box.bottom - 1 &&
                  b.box.top < a.box.bottom - 1;
                return over ? [`${a.name} “${a.text}” meets ${b.name} “${b.text}”`] : [];
              }),
            );
          }),
        );
        assert.deepEqual(met, []);
      },
      { width, state: COMPARE_STATES[state] },
    ));

describe("accessibility", () => {
  const THEMES: readonly ThemeName[] = [
    "dark2026",
    "darkModern",
    "lightModern",
    "light2026",
    "hcDark",
    "hcLight",
  ];
  for (const [theme, width] of [
    ["darkModern", 1200],
    ["lightModern", 480],
    ["hcDark", 1200],
  ] as const)
    test(`${theme}: every state`, () =>
      withComparison(
        async ({ page, send }) => {
          await useAxe(page);
          const found: string[] = [];
          for (const [name, state] of Object.entries(COMPARE_STATES)) {
            await send(state);
            found.push(...(await faultsOf(page)).map((fault) => `${name}: ${fault}`));
          }
          assert.deepEqual(found, []);
        },
        { theme, width },
      ));
  for (const theme of THEMES)
    test(`${theme}: with an open row`, () =>
      withComparison(
        async (view) => {
          await useAxe(view.page);
          await changes(view).nth(2).locator(".cell-chevron").click();
          assert.deepEqual(await faultsOf(view.page), []);
        },
        { theme, width: theme === "lightModern" ? 400 : 1084, state: COMPARE_STATES.otherLoads },
      ));
});
