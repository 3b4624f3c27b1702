// Streams that Node works for from its loop: the same with and without us.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

for (const [name, node] of NODES) {
  test(`streams are the same with and without Darcy on Node ${name}`, async () => {
    const plain = execFileSync(node, [fixture("streams.cjs")], { encoding: "utf8" });
    const { stdout, stderr, code } = await recordProgram(node, [fixture("streams.cjs")]);
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), JSON.parse(plain));
  });
}
