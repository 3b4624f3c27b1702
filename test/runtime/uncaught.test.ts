// Over an uncaught error Node quotes the line that called the built-in: ours, where it is patched. It must be short.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

const LONGEST = 500;

for (const [name, node] of NODES) {
  describe(`An uncaught error on Node ${name}`, () => {
    it("ends the server as without us, with short lines", async () => {
      const { code, stderr } = await recordProgram(node, [fixture("uncaught.cjs")]);
      assert.equal(code, 1);
      assert.match(stderr, /could not be cloned/);
      assert.match(stderr, /uncaught\.cjs/);
      const longest = Math.max(...stderr.split("\n").map(({ length }) => length));
      assert.ok(longest <= LONGEST, `a line of ${longest} characters`);
    });
  });
}
