// Unit tests: what counts as a habit of blocking the event loop.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockingHabit } from "../../src/runtime/probes/locks/loop/blockingHabit.ts";
import type { Block } from "../../src/runtime/probes/locks/loop/loopWatch.ts";

function block(to: number, millis: number): Block {
  const turns = { fromTurn: 1, toTurn: 1, slept: false, waitingBefore: 0, owner: null };
  return { from: to - millis, to, ...turns };
}

/** Requests of a second under way at a time, for so many seconds. */
function load(habit: BlockingHabit, from: number, seconds: number, underWay: number): void {
  for (let at = 0; at < seconds; at++) habit.request(from + at * 1_000, underWay * 1_000);
}

test("the third block tells of the two before it as well", () => {
  const habit = new BlockingHabit();
  load(habit, 0, 4, 1);
  assert.deepEqual(habit.add(block(1_000, 40), 40_000), []);
  assert.deepEqual(habit.add(block(2_000, 40), 41_000), []);
  assert.deepEqual(habit.add(block(3_000, 40), 42_000), [40_000, 41_000, 42_000]);
  assert.deepEqual(habit.add(block(3_500, 40), 43_000), [43_000]);
  assert.equal(habit.blocks, true);
});

test("one block for which many wait is none, a long one is", () => {
  const habit = new BlockingHabit();
  load(habit, 0, 4, 4);
  const short = block(1_000, 30);
  for (let waiter = 0; waiter < 10; waiter++) assert.deepEqual(habit.add(short, 30_000), []);
  assert.equal(habit.add(block(2_000, 160), 80_000).length, 11);
});

test("a busy server's hiccups are less than a hundredth of its requests' time", () => {
  const habit = new BlockingHabit();
  for (let second = 0; second < 60; second++) {
    load(habit, second * 1_000, 1, 10);
    if (second % 4 === 0)
      for (let waiter = 0; waiter < 10; waiter++)
        assert.deepEqual(habit.add(block(second * 1_000, 12), 6_000), []);
  }
  assert.equal(habit.blocks, false);
});

test("what was long ago is forgotten", () => {
  const habit = new BlockingHabit();
  load(habit, 0, 4, 1);
  for (let at = 1; at <= 3; at++) habit.add(block(at * 1_000, 40), 40_000);
  assert.equal(habit.blocks, true);
  assert.deepEqual(habit.add(block(60_000, 40), 40_000), []);
  assert.equal(habit.blocks, false);
});
