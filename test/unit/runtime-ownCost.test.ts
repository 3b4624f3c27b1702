// Unit tests: what a piece of our own work counts for, where a few are measured and stand for all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Typical } from "../../src/runtime/ownCost.ts";

test("pieces that take as long count for that, from the first on", () => {
  const typical = new Typical();
  for (let i = 0; i < 50; i++) assert.equal(typical.of(20), 20);
});

test("one that was interrupted counts for a few, and the next one for itself", () => {
  const typical = new Typical();
  for (let i = 0; i < 50; i++) typical.of(20);
  const counted = typical.of(10_000);
  assert.ok(counted > 20 && counted < 100, `${counted}`);
  assert.equal(typical.of(20), 20);
});

test("pieces that have become dearer for good count whole soon", () => {
  const typical = new Typical();
  for (let i = 0; i < 50; i++) typical.of(20);
  let pieces = 0;
  while (typical.of(400) < 400) pieces++;
  assert.ok(pieces < 10, `${pieces}`);
});
