// Unit tests: figures are made anew by what they cost, and never long after something came.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Pacer, WHOLE } from "../../src/recording/pace.ts";

const cpu = (millis: number) => ({ user: millis * 600, system: millis * 400 });

test("the pause is so many times what a computation costs, but the first one's cost is no measure", () => {
  const pacer = new Pacer();
  assert.equal(pacer.pauseAfter(cpu(900), WHOLE), WHOLE.leastMillis);
  assert.equal(pacer.pauseAfter(cpu(40), WHOLE), 5_600);
  assert.equal(pacer.pauseAfter(cpu(40), WHOLE), 5_600);
  // One that something else fell into.
  assert.equal(pacer.pauseAfter(cpu(500), WHOLE), 5_600);
  assert.equal(pacer.pauseAfter(cpu(2), WHOLE), WHOLE.leastMillis);
});

test("however dear, figures are of the last seconds", () => {
  const pacer = new Pacer();
  pacer.pauseAfter(cpu(5_000), WHOLE);
  assert.equal(pacer.pauseAfter(cpu(5_000), WHOLE), WHOLE.mostMillis);
});
