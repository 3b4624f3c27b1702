// The total of a worker thread's allocation.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

for (const [name, node] of NODES) {
  describe(`allocation of a worker thread on Node ${name}`, () => {
    it("is told within 3 % of what it is by construction", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(node, [fixture("workerHeap.cjs")]);
      assert.equal(code, 0, stderr);
      const { bytes } = JSON.parse(stdout) as { bytes: number };
      const sum = (ofThread: boolean) =>
        profile.windows
          .filter(({ worker }) => (profile.workers[worker]?.role === "thread") === ofThread)
          .reduce((total, { thread }) => total + (thread.allocatedBytes ?? 0), 0);
      const ratio = sum(true) / bytes;
      assert.ok(Math.abs(ratio - 1) < 0.03, `the thread's are ${ratio} of the known bytes`);
      // It does next to nothing: what is not Darcy's own may be nothing at all, but it is known.
      const main = sum(false);
      assert.ok(main < 0.01 * bytes, `the main thread's are ${main} bytes beside ${bytes}`);
      assert.ok(profile.windows.every(({ thread }) => thread.allocatedBytes !== null));
    });
  });
}
