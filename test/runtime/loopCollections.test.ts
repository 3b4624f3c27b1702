// The event loop as a lock: who computes holds it; while the heap is collected nobody's line does.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

for (const [name, node] of NODES) {
  describe(`blocks of the loop on Node ${name}`, () => {
    for (const categories of [CATEGORIES, ["locks"] as const])
      it(`are what computes, not what is collected; ${categories.length} categories`, async (test) => {
        const waited = async (collects: string) => {
          const program = ["--expose-gc", fixture("collected.cjs")];
          const environment = { MILLIS: "4000", COLLECTS: collects };
          const { profile, stderr } = await recordProgram(node, program, environment, {
            heapWindowMillis: 0,
            categories,
          });
          assert.equal(stderr, "");
          return exactAmounts(profile, ["loop wait"])["loop wait event loop"]?.amount ?? 0;
        };
        const [computing, collecting] = [await waited("0"), await waited("1")];
        test.diagnostic(`waited for what computes ${computing} µs, for collections ${collecting} µs`);
        assert.ok(computing > 500_000, `${computing} µs`);
        assert.ok(collecting < computing / 20, `${collecting} of ${computing} µs`);
      });
  });
}
