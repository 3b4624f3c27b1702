// The rarer of the measured copies, against sizes known by construction: each by its own name, and nothing beside them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KINDS } from "../../src/protocol/categories.ts";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

const COPIES = Object.entries(KINDS).flatMap(([kind, category]) => (category === "copies" ? [kind] : []));
/** By Node itself: paths, modules, its output. */
const STRAY_BYTES = 70_000;
const MAY_STRAY = new Set(["decode TextDecoder.decode", "concat Buffer.concat"]);
/** What goes with it: the graphs around what is cloned, what the program does besides. */
const BESIDES =
  /^(?:clone|serialise|parse|copy Buffer\.from|decode (?:Buffer\.toString|fs\.)|encode (?:Buffer\.from|TextEncoder))/;

for (const [name, node] of NODES) {
  describe(`copies by their names, Node ${name}`, () => {
    it("are as many and as large as made", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(node, [fixture("namedCopies.mjs")]);
      assert.equal(code, 0, stderr);
      const truth = JSON.parse(stdout) as Record<string, [number, number]>;
      const measured = exactAmounts(profile, COPIES);
      for (const [key, [calls, bytes]] of Object.entries(truth)) {
        const { count, amount } = measured[key] ?? { count: 0, amount: 0 };
        const stray = MAY_STRAY.has(key) ? STRAY_BYTES : 0;
        assert.ok(
          amount >= bytes - 1e-6 && amount <= bytes + stray + 1e-6,
          `${key}: ${amount} bytes for ${bytes}`,
        );
        if (stray === 0) assert.ok(Math.abs(count - calls) < 1e-6, `${key}: ${count} calls for ${calls}`);
      }
      const others = Object.keys(measured).filter((key) => !(key in truth) && !BESIDES.test(key));
      assert.deepEqual(others, []);
    });
  });
}
