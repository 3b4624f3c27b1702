// Unit tests: a calibration has its rounds soon, and on a busy machine at least those whose code is compiled, within a bound.

import assert from "node:assert/strict";
import { test } from "node:test";
import { goesOn } from "../../src/collector/calibration/rounds.ts";

/** @returns how many rounds beyond those to warm up there are, and when the last one ends, milliseconds */
function run(startMillis: number, roundMillis: number): [rounds: number, endMillis: number] {
  let [rounds, now] = [-3, startMillis];
  do {
    rounds++;
    now += roundMillis;
  } while (goesOn(rounds, now));
  return [rounds, now];
}

test("a quiet machine makes all of them, a slow one stops at its deadline", () => {
  assert.deepEqual(run(100, 20), [20, 560]);
  assert.deepEqual(run(100, 60), [10, 880]);
});

test("a busy one goes on past the deadline until code is compiled, but not for ever", () => {
  assert.deepEqual(run(300, 200), [5, 1_900]);
  assert.deepEqual(run(600, 500), [2, 3_100]);
  assert.deepEqual(run(2_900, 900), [-2, 3_800]);
});
