// Bytes read from files and written to them, against a program that knows them, which must not see that they are counted.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run, testNodes } from "./probeHarness/run.ts";

interface Program {
  readonly results: readonly unknown[];
  readonly functions: readonly unknown[];
  readonly moved: number;
  readonly counted: number | null;
  readonly faults: readonly string[];
}

for (const node of testNodes()) {
  describe(`bytes of files on Node ${node.name}`, () => {
    it("are counted, and every call does what it did", async () => {
      const without = await run<Program>(node, "fileCalls.cjs", { probes: [] });
      const counted = await run<Program>(node, "fileCalls.cjs", { probes: ["io"] });
      assert.deepEqual(counted.faults, []);
      assert.deepEqual(counted.results, without.results);
      assert.deepEqual(counted.functions, without.functions);
      assert.equal(counted.counted, counted.moved);
      assert.equal(without.counted, null);
    });
  });
}
