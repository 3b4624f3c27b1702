// Unit tests: stacks that cost more than their part of the thread's time are taken less often.

import assert from "node:assert/strict";
import { test } from "node:test";
import { StackBudget } from "../../src/runtime/sampling/stackBudget.ts";

const WINDOW = 500;

/** Budget after so many windows of stacks that cost `micros` each, of `categories` that use up theirs. */
function settled(
  perWindow: number,
  micros: number,
  categories: number,
  windows = 60,
  activeMicros = WINDOW * 1000,
): number {
  const budget = new StackBudget(perWindow, WINDOW);
  for (let i = 0; i < windows; i++)
    budget.spent(categories * budget.stacks * micros, WINDOW * 1000, activeMicros);
  return budget.stacks;
}

test("cheap stacks keep their budget", () => {
  assert.equal(settled(25, 20, 3), 25);
});

test("dear ones are held near one per cent of the thread's time", () => {
  const share = (4 * settled(25, 100, 4) * 100) / (WINDOW * 1000);
  assert.ok(share > 0.006 && share < 0.0115, `${share}`);
});

test("a larger budget that was asked for is given", () => {
  assert.equal(settled(5_000, 20, 3), 5_000);
});

test("some are taken whatever they cost, and all again when they are cheap", () => {
  const budget = new StackBudget(25, WINDOW);
  for (let i = 0; i < 60; i++) budget.spent(100_000, WINDOW * 1000, WINDOW * 1000);
  assert.equal(budget.stacks, 3.75);
  for (let i = 0; i < 60; i++) budget.spent(100, WINDOW * 1000, WINDOW * 1000);
  assert.equal(budget.stacks, 25);
});

test("under a light load they are held near one per cent of the clock's time for a minute, then of the active time", () => {
  const active = (WINDOW * 1000) / 5;
  assert.equal(settled(25, 50, 4, 120, active), 25);
  const share = (4 * settled(25, 50, 4, 240, active) * 50) / active;
  assert.ok(share > 0.006 && share < 0.0115, `${share}`);
});
