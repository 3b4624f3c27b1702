// Unit tests: what a test runner of its own must say to have passed, and that what failed at first is named.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runnerCounts } from "../../scripts/tally.mjs";
import { verdictOf } from "../fidelity/public/verdict.ts";
import { counts, remarks, report, runTwice } from "../vscode/tally.ts";

test("the last tally counts; without one, or with nothing run, it has failed", () => {
  const told = (output: string, code: number | null) => {
    const { passed, failed } = runnerCounts(output, code);
    return { passed, failed };
  };
  assert.deepEqual(told("1 passed, 0 failed\n\n7 passed, 0 failed\n", 0), { passed: 7, failed: 0 });
  assert.deepEqual(told("7 passed, 2 failed\n", 1), { passed: 7, failed: 2 });
  assert.deepEqual(told("", 0), { passed: 0, failed: 1 });
  assert.deepEqual(told("0 passed, 0 failed\n", 0), { passed: 0, failed: 1 });
  assert.deepEqual(told("7 passed, 0 failed\n", 1), { passed: 7, failed: 1 });
  assert.deepEqual(told("7 passed, 0 failed\n", null), { passed: 7, failed: 1 });
});

test("VS Code's runs: what failed the first time only passes, and is named; what fails again has failed", async () => {
  let turn = 0;
  await runTwice("fine", async () => report("always", 1, null));
  await runTwice("late", async () => {
    report("always", 1, null);
    report("a click", 1, turn++ === 0 ? "Error: too late\n    at ui.ts:1" : null);
  });
  await runTwice("broken", async () => {
    throw new Error("no VS Code");
  });
  assert.deepEqual(counts, { passed: 3, failed: 1 });
  assert.deepEqual(remarks, [
    "failed at first: a click: Error: too late",
    "failed at first: broken: Error: no VS Code",
    "failed once more: broken: Error: no VS Code",
  ]);
  const output = `✖ a click (1 ms)\n\n${remarks.join("\n")}\n\n3 passed, 1 failed\n`;
  assert.deepEqual(runnerCounts(output, 1).remarks, remarks);
});

test("public servers of which none was compared are no success", () => {
  assert.deepEqual(verdictOf({ same: 3, differ: 0, skipped: 1 }), {
    text: "3 the same, 0 with differences, 1 skipped",
    code: 0,
  });
  assert.equal(verdictOf({ same: 3, differ: 1, skipped: 0 }).code, 1);
  const none = verdictOf({ same: 0, differ: 0, skipped: 4 });
  assert.equal(none.code, 1);
  assert.match(none.text, /4 skipped: nothing was compared$/);
});
