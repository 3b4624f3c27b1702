// Hand-offs against Node's own account of the requests that it made of each call.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

for (const [name, node] of NODES) {
  describe(`hand-offs on Node ${name}`, () => {
    it("are as many as the requests that Node made", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(
        node,
        [fixture("handoffs.cjs")],
        {},
        {
          heapWindowMillis: 0,
          // Without the small jobs of our own that check the pool's waits, which Node's account holds too.
          categories: ["switches"],
        },
      );
      assert.equal(code, 0, stderr);
      const truth = JSON.parse(stdout) as Record<string, number>;
      const measured: Record<string, number> = {};
      for (const [key, { amount }] of Object.entries(exactAmounts(profile, ["round trip", "hand-off"]))) {
        const callee = key.replace(/^(?:round trip|hand-off) /, "");
        // What Node calls from callbacks of its own would be counted twice.
        if (truth[callee] !== undefined || /^fs\.(?:open|write|close|fsync)$/.test(callee))
          measured[callee] = amount;
      }
      // Once more than the loop: the handle that was opened first.
      truth["fs.promises.open"] = (truth["fs.promises.open"] ?? 0) + 4;
      assert.deepEqual(measured, truth);
    });
  });
}
