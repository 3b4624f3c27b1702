// Synchronous calls: their time against the program's own, on each Node; errors and shapes as without us.

import assert from "node:assert/strict";
import { test } from "node:test";
import { run, testNodes } from "./probeHarness/run.ts";

interface Result {
  readonly rounds: Readonly<Record<string, readonly { micros: number; count: number; amount: number }[]>>;
  readonly exact: readonly { kind: string; callee: string; count: number; amount: number }[];
  readonly places: readonly (readonly [callee: string, url: string])[];
  readonly thrown: string;
  readonly missing: string;
  readonly shapes: readonly (readonly [string, number])[];
  readonly native: string;
  readonly after: readonly unknown[];
  readonly faults: readonly string[];
}

for (const node of testNodes()) {
  test(`synchronous calls on ${node.name}`, async () => {
    const result = await run<Result>(node, "blockingCalls.cjs", {
      probes: ["blocking"],
      environment: { NODE_NO_WARNINGS: "1" },
    });
    assert.deepEqual(result.faults, []);
    const sums = new Map<string, { count: number; amount: number }>();
    for (const { kind, callee, count, amount } of result.exact) {
      assert.equal(kind, "blocked");
      const sum = sums.get(callee) ?? { count: 0, amount: 0 };
      sums.set(callee, { count: sum.count + count, amount: sum.amount + amount });
    }
    for (const [name, rounds] of Object.entries(result.rounds)) {
      for (const { count } of rounds) assert.equal(count, 1, name);
      // The program's own measure has our stack in it, 0.15 ms at most.
      const right = rounds.filter(({ micros, amount }) => Math.abs(amount - micros) < 0.02 * micros + 150);
      assert.ok(right.length > 0, `${name}: ${JSON.stringify(rounds)}`);
    }
    assert.ok((sums.get("child_process.execSync")?.amount ?? 0) > 30_000, "one that threw");
    assert.equal(sums.get("fs.realpathSync")?.count, 1);
    assert.equal(sums.has("fs.lstatSync"), false, "what a call calls itself is its own");
    for (const [callee, url] of result.places) assert.match(url, /blockingCalls\.cjs$/, callee);
    assert.equal(result.thrown, "Error 3");
    assert.equal(result.missing, "ENOENT open /does/not/exist");
    assert.deepEqual(result.shapes, [
      ["readFileSync", 2],
      ["existsSync", 1],
      ["execSync", 2],
      ["syncBufferWrapper", 2],
    ]);
    assert.equal(result.native, "function");
    assert.deepEqual(result.after, []);
  });
}
