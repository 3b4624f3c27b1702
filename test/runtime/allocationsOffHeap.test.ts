// Off-heap memory beyond Buffer's functions: constructors look as without Darcy, and their bytes are told.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

for (const [name, node] of NODES) {
  describe(`off-heap memory on Node ${name}`, () => {
    it("leaves constructors and their results as they are", async () => {
      const program = fixture("constructors.mjs");
      const plain = spawnSync(node, [program], { encoding: "utf8" });
      assert.equal(plain.status, 0, plain.stderr);
      const { stdout, stderr, code, profile } = await recordProgram(node, [program]);
      assert.equal(code, 0, stderr);
      assert.equal(stderr, plain.stderr);
      assert.deepEqual(JSON.parse(stdout), JSON.parse(plain.stdout));
      const amounts = exactAmounts(profile, ["buffers"]);
      const bytes = (callee: string) => amounts[`buffers ${callee}`]?.amount ?? 0;
      // One, one of a subclass, one by another `new.target`; then two that are sliced, three times together.
      assert.equal(bytes("SharedArrayBuffer"), 3 * 1_000 + 2 * 100 + 3 * 90);
      assert.equal(bytes("WebAssembly.Memory"), 4 * 65_536);
      assert.equal(bytes("WebAssembly.Memory.grow"), 65_536);
      assert.equal(bytes("TypedArray.slice"), 200);
      assert.equal(bytes("TextEncoder.encode"), 500);
      assert.equal(bytes("ArrayBuffer.slice"), 400);
    });
  });
}
