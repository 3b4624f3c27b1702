// Unit tests: what a test runner of its own must say to have passed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runnerCounts } from "../../scripts/tally.mjs";

test("the last tally counts; without one, or with nothing run, it has failed", () => {
  assert.deepEqual(runnerCounts("1 passed, 0 failed\n\n7 passed, 0 failed\n", 0), { passed: 7, failed: 0 });
  assert.deepEqual(runnerCounts("7 passed, 2 failed\n", 1), { passed: 7, failed: 2 });
  assert.deepEqual(runnerCounts("", 0), { passed: 0, failed: 1 });
  assert.deepEqual(runnerCounts("0 passed, 0 failed\n", 0), { passed: 0, failed: 1 });
  assert.deepEqual(runnerCounts("7 passed, 0 failed\n", 1), { passed: 7, failed: 1 });
  assert.deepEqual(runnerCounts("7 passed, 0 failed\n", null), { passed: 7, failed: 1 });
});
