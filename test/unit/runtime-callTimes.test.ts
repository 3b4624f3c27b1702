// Unit tests: which calls are timed, and what is made of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cellMicros } from "../../src/model/cost.ts";
import { CallTimes } from "../../src/runtime/sampling/callTimes.ts";

const timedOf = (times: CallTimes, calls: number) => {
  let timed = 0;
  for (let i = 0; i < calls; i++) if (times.begin() > 0) timed++;
  return timed;
};

test("the first calls of a window are timed, then one in eight", () => {
  const times = new CallTimes(40);
  assert.equal(timedOf(times, 32), 32);
  const later = timedOf(times, 80_000);
  assert.ok(Math.abs(later - 10_000) < 500, `${later} of 80000`);
  times.restart();
  assert.equal(timedOf(times, 32), 32);
});

test("an interrupted call counts as a long one, not for the time that others took", () => {
  const times = new CallTimes(40);
  for (let i = 0; i < 100; i++) times.add(10, 20);
  times.add(10, 10_000);
  const [timed, micros] = times.take(10);
  assert.equal(timed, 101);
  assert.ok(Math.abs(micros - (2_000 + 16 * 20)) < 1e-6, `${micros}`);
  assert.deepEqual(times.take(10), [0, 0]);
});

test("a timed cell is priced by its own events, without a calibration", () => {
  const cell = { count: 1_000, amount: 20_000_000, timed: 50, timedMicros: 350 };
  assert.equal(cellMicros(null, "parse", cell), 7_000);
  assert.equal(cellMicros(null, "parse", { ...cell, timed: 0, timedMicros: 0 }), null);
});
