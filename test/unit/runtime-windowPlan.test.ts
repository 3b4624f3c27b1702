// Unit tests: when windows without inlining open.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WindowPlan } from "../../src/runtime/probes/allocations/windowPlan.ts";

const LONGEST = 300_000;
const BEAT = 500;

/** The openings in `millis` of load; `bytesAt` tells what a request allocates. */
function openings(millis: number, bytesAt: (at: number) => number, requests = 1_000): number[] {
  const plan = new WindowPlan(LONGEST, () => 0.5);
  const opened: number[] = [];
  for (let at = 0; at <= millis; at += BEAT) {
    plan.see(bytesAt(at) * requests, requests);
    if (!plan.due(at)) continue;
    opened.push(at);
    plan.closed(at + BEAT);
  }
  return opened;
}

test("one window soon after load sets in, then ever fewer, at last one in five minutes", () => {
  assert.deepEqual(
    openings(800_000, () => 10_000),
    [1_500, 122_000, 422_500, 723_000],
  );
});

test("figures that swing within their noise open none", () => {
  const swinging = (at: number) => 10_000 * (1 + 0.4 * Math.sin(at / 700));
  assert.deepEqual(openings(200_000, swinging), [1_500, 122_000]);
});

test("another load opens one sooner, but not at once", () => {
  const more = (at: number) => (at < 130_000 ? 10_000 : 30_000);
  const [first, second, third] = openings(300_000, more);
  assert.deepEqual([first, second], [1_500, 122_000]);
  // Less than a quarter of the pause that had begun.
  assert.equal(third, 152_500);
  const less = (at: number) => (at < 5_000 ? 10_000 : 3_000);
  assert.deepEqual(openings(30_000, less), [1_500, 9_500]);
});

test("some requests are too few to tell another load by", () => {
  assert.deepEqual(
    openings(30_000, (at) => (at < 5_000 ? 10_000 : 90_000), 3),
    [1_500],
  );
});

test("none before what the last one cost is made up for", () => {
  const plan = new WindowPlan(LONGEST, () => 0.5);
  assert.equal(plan.due(0), false);
  plan.notBefore(5_000);
  assert.equal(plan.due(4_500), false);
  assert.equal(plan.due(5_000), true);
});
