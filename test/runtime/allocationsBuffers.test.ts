// Off-heap bytes of Buffers against sizes known by construction, with the copies probe before and after.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProbeName } from "./probeHarness/harness.ts";
import { run, testNodes } from "./probeHarness/run.ts";

interface Result {
  readonly rounds: number;
  readonly poolSize: number;
  readonly exact: readonly { callee: string; count: number; amount: number }[];
  readonly samples: readonly { callee: string; amount: number; name?: string }[];
  readonly kept: number;
  readonly faults: readonly string[];
  readonly names: readonly unknown[];
}

const orders: readonly (readonly ProbeName[])[] = [["buffers"], ["buffers", "copies"], ["copies", "buffers"]];

/** Bytes of used-up pools that no piece took. */
function unusedOf(poolSize: number, pieces: readonly number[]): number {
  let unused = 0;
  let end = 0;
  for (const bytes of pieces) {
    if (end + bytes > poolSize) {
      unused += poolSize - end;
      end = 0;
    }
    end += bytes;
  }
  return unused;
}

for (const node of testNodes()) {
  for (const probes of orders) {
    test(`buffers by line on ${node.name}, probes ${probes.join(" then ")}`, async () => {
      const result = await run<Result>(node, "buffers.cjs", { probes });
      const { rounds, poolSize } = result;
      assert.deepEqual(result.faults, []);
      assert.deepEqual(result.names, ["alloc", 3, "concat"]);
      const amount = (callee: string) =>
        result.exact.reduce((sum, row) => sum + (row.callee === callee ? row.amount : 0), 0);
      assert.equal(amount("Buffer.alloc"), rounds * 10_000);
      assert.equal(amount("Buffer.allocUnsafeSlow"), rounds * 6_000);
      assert.equal(amount("Buffer.concat"), rounds * 83_000);
      assert.equal(amount("Buffer.from"), rounds * 191_000);
      // A piece of 100 bytes takes up 104.
      assert.equal(amount("Buffer.allocUnsafe"), rounds * (poolSize + 100 * 104));
      const pieces = [...Array(rounds).fill([3_000, 1_000]).flat(), ...Array(rounds * 100).fill(104)];
      const wanted = unusedOf(poolSize, pieces);
      const unused = amount("Buffer pool, unused");
      // How much of the first pool was left is not ours to know.
      assert.ok(Math.abs(unused - wanted) <= poolSize, `${unused} bytes unused, expected ${wanted}`);

      const byFunction = new Map<string, number>();
      for (const { name = "?", amount: bytes } of result.samples)
        byFunction.set(name, (byFunction.get(name) ?? 0) + bytes);
      assert.equal(byFunction.get("alloc"), rounds * 10_000);
      assert.equal(byFunction.get("fromText"), rounds * 100_000);
      assert.equal(byFunction.get("fromBytes"), rounds * 90_000);
      assert.equal(byFunction.get("view"), undefined);
      assert.equal(byFunction.get("tiny"), undefined);
      // Both cut pieces in every round, of sizes that fill a pool together: each has its own.
      assert.equal(byFunction.get("turnsSmall"), rounds * 1_000);
      assert.equal(byFunction.get("turnsLarge"), rounds * 3_000);
      const kept = rounds * (10_000 + 6_000 + poolSize + 80_000 + 190_000);
      assert.ok(Math.abs(result.kept / kept - 1) < 0.03, `${result.kept} kept, ${kept} known`);
    });
  }
}
