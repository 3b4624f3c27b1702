// Unit tests: the time line's brush and the steps that it draws, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { extremes } from "../../webview/timeLine/decimate.ts";
import { type Clock, dragged, gripAt, nudged } from "../../webview/timeLine/span.ts";

/** 100 s on 1000 pixels. */
const CLOCK: Clock = { pixelAt: (ms) => ms / 100, msAt: (pixel) => pixel * 100, endMs: 100_000, stepMs: 500 };
const RANGE = { fromMs: 40_000, toMs: 70_000 };

test("the pointer holds an end, the inside, or draws anew outside and over a span that covers all", () => {
  assert.deepEqual(
    [403, 697, 500, 200].map((pixel) => gripAt(pixel, RANGE, CLOCK)),
    ["from", "to", "inside", "outside"],
  );
  assert.equal(gripAt(500, { fromMs: 0, toMs: 1e9 }, CLOCK), "outside");
});

test("a drag draws in both directions, moves whole, and stays within the session", () => {
  const drag = (grip: Parameters<typeof dragged>[0], start: number, end: number) => {
    const { fromMs, toMs } = dragged(grip, RANGE, start, end, CLOCK);
    return [fromMs, toMs];
  };
  assert.deepEqual(drag("outside", 100, 300), [10_000, 30_000]);
  assert.deepEqual(drag("outside", 300, 100), [10_000, 30_000]);
  assert.deepEqual(drag("outside", 990, 5_000), [99_000, 100_000]);
  assert.deepEqual(drag("inside", 500, 600), [50_000, 80_000]);
  assert.deepEqual(drag("inside", 500, 5_000), [70_000, 100_000]);
  assert.deepEqual(drag("inside", 500, -5_000), [0, 30_000]);
  assert.deepEqual(drag("from", 400, 300), [30_000, 70_000]);
  assert.deepEqual(drag("from", 400, 900), [69_000, 70_000]);
  assert.deepEqual(drag("to", 700, 100), [40_000, 41_000]);
});

test("keys move an end by a step, with Shift by ten seconds, and leave a second at least", () => {
  const key = (end: "from" | "to", name: string, far = false) => {
    const next = nudged(RANGE, end, name, far, CLOCK);
    return next === null ? null : [next.fromMs, next.toMs];
  };
  assert.deepEqual(key("from", "ArrowLeft"), [39_500, 70_000]);
  assert.deepEqual(key("to", "ArrowRight", true), [40_000, 80_000]);
  assert.deepEqual(key("to", "Home"), [40_000, 41_000]);
  assert.deepEqual(key("from", "End"), [69_000, 70_000]);
  assert.deepEqual(key("to", "End"), [40_000, 100_000]);
  assert.equal(key("to", "x"), null);
});

test("a spike among thousands of steps is drawn, gaps stay, and few steps are drawn whole", () => {
  const values: (number | null)[] = Array.from({ length: 3_600 }, (_, at) => 100 + (at % 7));
  values[1_234] = 900;
  values[2_345] = 1;
  for (let at = 3_000; at < 3_100; at++) values[at] = null;
  const picked = extremes(values, 400);
  assert.ok(picked.length <= 800, `${picked.length}`);
  assert.ok(picked.includes(1_234) && picked.includes(2_345));
  assert.deepEqual(
    [...picked].sort((a, b) => a - b),
    picked,
  );
  assert.ok(picked.some((at) => at >= 3_000 && at < 3_100 && values[at] === null));
  // What was drawn stays: a step more moves none of the columns that are full.
  const before = extremes(values.slice(0, 3_599), 400);
  assert.deepEqual(before.slice(0, -2), picked.slice(0, before.length - 2));
  assert.deepEqual(extremes([1, null, 3], 400), [0, 1, 2]);
});
