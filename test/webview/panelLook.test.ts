// The panel in a real browser: the time line, what is kept, widths, themes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Panel, ThemeName } from "./harness.ts";
import { LONG_STATE, OVER_STATE } from "./oddStates.ts";
import { REPORT } from "./report.ts";
import { RECORDING, STATES } from "./states.ts";
import { allThemes, rows, seenText, withPanel } from "./withPanel.ts";

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

  test("a span is brushed by pointer, moved by keys and cleared by Escape; figures of it are asked for", () =>
    withPanel(async (panel) => {
      const { page } = panel;
      const ranges = async () =>
        (await panel.posted()).flatMap((message) => (message.type === "range" ? [message.range] : []));
      const plot = await page.locator(".chart").boundingBox();
      assert.ok(plot !== null);
      await page.mouse.move(plot.x + 300, plot.y + 60);
      await page.mouse.down();
      await page.mouse.move(plot.x + 500, plot.y + 60);
      await page.mouse.up();
      const drawn = (await ranges()).at(-1);
      assert.ok(drawn && drawn.toMs > drawn.fromMs && drawn.fromMs > 10_000 && drawn.toMs < 100_000);
      assert.ok(await page.getByText("Esc for all").isVisible());
      // The answer comes from the host.
      const label = "00:30–01:10";
      const range = { fromMs: 30_000, toMs: 70_000 };
      await panel.send({ ...RECORDING, range, scope: { ...range, label } });
      assert.equal(await seenText(page.getByLabel("Scope of all figures").locator("option:checked")), label);
      const end = page.getByRole("slider", { name: "End of the scope" });
      await panel.send({ ...RECORDING, range: drawn, scope: { ...drawn, label } });
      await end.focus();
      await page.keyboard.press("Shift+ArrowRight");
      await page.keyboard.press("ArrowLeft");
      assert.deepEqual((await ranges()).at(-1), { ...drawn, toMs: drawn.toMs + 9_000 });
      await page.keyboard.press("Escape");
      assert.equal((await ranges()).at(-1), null);
    }));

  test("a span without a request says so, and another one can be chosen", () =>
    withPanel(async (panel) => {
      const none = { ...REPORT, requests: { ...REPORT.requests, total: 0 }, hotspots: [] };
      const range = { fromMs: 0, toMs: 2_000 };
      const scope = { ...range, label: "00:00–00:02" };
      await panel.send({ ...RECORDING, range, scope, report: none });
      assert.ok(await panel.page.getByText("No request in 00:00–00:02").isVisible());
      assert.ok(await panel.page.locator(".chart").isVisible());
      await panel.page.getByLabel("Scope of all figures").selectOption("60");
      assert.deepEqual((await panel.posted()).at(-1), { type: "scope", seconds: 60 });
    }));

  test("a file's brush comes back after a reload, a live one's stands with the host", () =>
    withPanel(
      async (panel) => {
        assert.deepEqual((await panel.posted()).at(-1), {
          type: "range",
          range: { fromMs: 30_000, toMs: 70_000 },
        });
      },
      { state: STATES.readOnly, kept: { range: { fromMs: 30_000, toMs: 70_000 } } },
    ));

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
              const around = tail.closest(".cell-site, .caller, dd");
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

  test("a scroll is kept once it rests, not with each frame", () =>
    withPanel(
      async ({ page }) => {
        const kept = await page.evaluate(() => {
          const { keptStates } = window as unknown as { keptStates: readonly unknown[] };
          const before = keptStates.length;
          for (let top = 1; top <= 20; top++) {
            window.scrollTo(0, top);
            window.dispatchEvent(new Event("scroll"));
          }
          return keptStates.length - before;
        });
        assert.equal(kept, 0);
        await page.waitForFunction(() => {
          const { keptStates } = window as unknown as { keptStates: readonly { scrollTop?: number }[] };
          return keptStates.at(-1)?.scrollTop === 20;
        });
      },
      { height: 400 },
    ));

  test("under reduced motion nothing moves by itself more than once a second", async () => {
    const { impact } = RECORDING.series;
    const later = (by: number) => ({
      ...RECORDING,
      elapsedMs: RECORDING.elapsedMs + by,
      series: {
        ...RECORDING.series,
        impact: { ...impact, copies: impact.copies.map((value, at) => (value ?? 0) + ((at * by) % 700)) },
      },
    });
    const picture = ({ page }: Panel) => page.locator(".tile .spark-before").first().getAttribute("d");
    let newest: string | null = null;
    await withPanel(
      async (panel) => {
        newest = await picture(panel);
      },
      { state: later(20) },
    );
    await withPanel(async (panel) => {
      const { page, send } = panel;
      await page.emulateMedia({ reducedMotion: "reduce" });
      const drawn = new Set<string | null>();
      const began = performance.now();
      for (let by = 1; by <= 20; by++) {
        await send(later(by));
        drawn.add(await picture(panel));
      }
      const seconds = (performance.now() - began) / 1_000;
      assert.ok(drawn.size <= seconds + 2, `${drawn.size} pictures in ${seconds} s`);
      await page.waitForFunction(
        (expected) => document.querySelector(".tile .spark-before")?.getAttribute("d") === expected,
        newest,
      );
    });
  });

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
    for (const theme of Object.keys(allThemes()) as ThemeName[])
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
      }, allThemes().lightModern);
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
