// What a request holds is freed by minor collections when it ends, as without Darcy: what they keep grows the young
// generation, and with it memory and the cost of each request, until the whole heap is collected.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

/** Small semi-spaces, so that all that survives is promoted, and no reason to collect the whole heap. */
const FLAGS = [
  "--expose-gc",
  "--initial-old-space-size=2000",
  "--min-semi-space-size=1",
  "--max-semi-space-size=1",
];
/**
 * Of a thousand requests: Darcy's own figures and samples, and what is known of each connection's last request, are up to 1,500.
 * Of requests that were kept it is 5,000 to 20,000; not where Node keeps them itself (`deflate` from 24 on).
 */
const MOST_KILOBYTES = 3_500;

for (const [name, node] of NODES) {
  describe(`minor collections on Node ${name}`, () => {
    it("free what a request held, whatever it waited for", async (test) => {
      const program = [...FLAGS, fixture("survivors.cjs")];
      const plain = JSON.parse((await promisify(execFile)(node, program)).stdout) as Record<string, number>;
      const { stdout, stderr } = await recordProgram(node, program);
      assert.equal(stderr, "");
      const recorded = JSON.parse(stdout) as Record<string, number>;
      test.diagnostic(`KB kept, plain ${JSON.stringify(plain)}, recorded ${JSON.stringify(recorded)}`);
      for (const [way, kilobytes] of Object.entries(recorded)) {
        const more = kilobytes - (plain[way] ?? 0);
        assert.ok(more < MOST_KILOBYTES, `${way}: ${more} KB more`);
      }
    });
  });
}
