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

test("a load that comes after a window without one has its own as soon as a first one, three times at most", () => {
  const plan = new WindowPlan(LONGEST, () => 0.5);
  assert.equal(plan.due(0), false);
  let at = 1_500;
  for (let turn = 0; turn < 5; turn++) {
    assert.equal(plan.due(at), true, `turn ${turn}`);
    plan.closed(at + 1_000, false);
    // A click now and then.
    assert.equal(plan.loadCame(at + 5_000, 4), false);
    assert.equal(plan.loadCame(at + 6_000, 5), false);
    assert.equal(plan.due(at + 10_000), false);
    const forgets = plan.loadCame(at + 10_000, 1);
    assert.equal(forgets, turn < 3);
    if (!forgets) break;
    assert.equal(plan.due(at + 11_000), false);
    at += 11_500;
  }
  assert.equal(plan.due(at + 120_000), false);
  assert.equal(plan.due(at + 121_000), true);
});

test("none before what the last one cost is made up for", () => {
  const plan = new WindowPlan(LONGEST, () => 0.5);
  assert.equal(plan.due(0), false);
  plan.notBefore(5_000);
  assert.equal(plan.due(4_500), false);
  assert.equal(plan.due(5_000), true);
});

test("with rests there are as many in measured time, and none in a spell's first three seconds", () => {
  const [spell, rest] = [20_000, 100_000];
  const plan = new WindowPlan(LONGEST, () => 0.5);
  const opened: { measured: number; inSpell: number }[] = [];
  for (let spells = 0; spells < 40; spells++) {
    const begun = spells * (spell + rest);
    if (spells > 0) plan.rested(begun - rest, begun);
    for (let at = begun; at < begun + spell; at += BEAT) {
      plan.see(10_000_000, 1_000);
      if (!plan.due(at)) continue;
      opened.push({ measured: spells * spell + at - begun, inSpell: at - begun });
      plan.closed(at + BEAT);
    }
  }
  // At 122,000 a spell is two seconds old.
  assert.deepEqual(
    opened.map(({ measured }) => measured),
    [1_500, 123_000, 423_500, 724_000],
  );
  for (const { measured, inSpell } of opened) if (measured > 1_500) assert.ok(inSpell >= 3_000, `${inSpell}`);
});

test("a rest before the first load puts off none for good", () => {
  const plan = new WindowPlan(LONGEST, () => 0.5);
  plan.rested(0, 100_000);
  assert.equal(plan.due(100_000), false);
  assert.equal(plan.due(103_000), true);
});
