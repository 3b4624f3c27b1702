// Unit tests: what counts as a habit of blocking the event loop.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CollectionPauses } from "../../src/runtime/probes/allocations/collectionPauses.ts";
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

/** The waits that it tells of then. */
function told(habit: BlockingHabit, block: Block, micros: number): readonly number[] {
  habit.waited(block, micros);
  return habit.settle(Number.POSITIVE_INFINITY);
}

test("the third block tells of the two before it as well", () => {
  const habit = new BlockingHabit(() => 0);
  load(habit, 0, 4, 1);
  assert.deepEqual(told(habit, block(1_000, 40), 40_000), []);
  assert.deepEqual(told(habit, block(2_000, 40), 41_000), []);
  assert.deepEqual(told(habit, block(3_000, 40), 42_000), [40_000, 41_000, 42_000]);
  assert.deepEqual(told(habit, block(3_500, 40), 43_000), [43_000]);
  assert.equal(habit.blocks, true);
});

test("one block for which many wait is none, a long one is", () => {
  const habit = new BlockingHabit(() => 0);
  load(habit, 0, 4, 4);
  const short = block(1_000, 30);
  for (let waiter = 0; waiter < 10; waiter++) assert.deepEqual(told(habit, short, 30_000), []);
  assert.equal(told(habit, block(2_000, 160), 80_000).length, 11);
});

test("a busy server's hiccups are less than a hundredth of its requests' time", () => {
  const habit = new BlockingHabit(() => 0);
  for (let second = 0; second < 60; second++) {
    load(habit, second * 1_000, 1, 10);
    if (second % 4 === 0)
      for (let waiter = 0; waiter < 10; waiter++)
        assert.deepEqual(told(habit, block(second * 1_000, 12), 6_000), []);
  }
  assert.equal(habit.blocks, false);
});

test("what was long ago is forgotten", () => {
  const habit = new BlockingHabit(() => 0);
  load(habit, 0, 4, 1);
  for (let at = 1; at <= 3; at++) told(habit, block(at * 1_000, 40), 60_000);
  assert.equal(habit.blocks, true);
  assert.deepEqual(told(habit, block(60_000, 40), 40_000), []);
  assert.equal(habit.blocks, false);
});

test("a block that was a collection is none, and of one that was in part the rest is", () => {
  const pauses = new CollectionPauses();
  const habit = new BlockingHabit((span) => pauses.millisWithin(span));
  load(habit, 0, 10, 1);
  for (let at = 1; at <= 9; at++) {
    pauses.add(at * 1_000 - 35, 30);
    assert.deepEqual(told(habit, block(at * 1_000, 36), 200_000), []);
  }
  assert.equal(habit.blocks, false);
  for (let at = 10; at <= 12; at++) {
    pauses.add(at * 1_000 - 10, 20);
    const waits = told(habit, block(at * 1_000, 40), 60_000);
    assert.deepEqual(waits.map(Math.round), at < 12 ? [] : [45_000, 45_000, 45_000]);
  }
  assert.equal(habit.blocks, true);
});

test("what a block was is told when collections until then are known", () => {
  const habit = new BlockingHabit(() => 0);
  load(habit, 0, 4, 1);
  for (let at = 1; at <= 3; at++) habit.waited(block(at * 1_000, 50), 50_000);
  assert.deepEqual(habit.settle(2_500), []);
  assert.equal(habit.settle(3_100).length, 3);
  assert.deepEqual(habit.settle(9_000), []);
});

test("pauses: overlaps alone count, short ones do not, and the newest are kept", () => {
  const pauses = new CollectionPauses();
  pauses.add(100, 0.5);
  pauses.add(200, 20);
  assert.equal(pauses.millisWithin({ from: 90, to: 110 }), 0);
  assert.equal(pauses.millisWithin({ from: 210, to: 300 }), 10);
  for (let n = 0; n < 1_000; n++) pauses.add(1_000 + 10 * n, 5);
  assert.equal(pauses.millisWithin({ from: 0, to: 1_000 }), 0);
  assert.equal(pauses.millisWithin({ from: 10_900, to: 11_000 }), 50);
});
