// Libuv's thread pool: each job is seen once, and the waits are those that the program measures itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PoolFigures } from "../../src/protocol/window.ts";
import { run, testNodes } from "./probeHarness/run.ts";

interface Filled {
  readonly truth: number;
  readonly pool: PoolFigures;
  readonly waits: { count: number; micros: number };
  readonly lines: readonly (readonly [name: string, amount: number])[];
  readonly faults: readonly string[];
}
interface Result {
  readonly numbers: Readonly<Record<string, number>>;
  readonly filledBy: Readonly<Record<string, readonly Filled[]>>;
  readonly after: number;
}

for (const node of testNodes()) {
  test(`jobs of libuv's pool on ${node.name}`, async () => {
    const { numbers, filledBy, after } = await run<Result>(node, "poolJobs.cjs", { probes: ["pool"] });
    const oneJobFiles = node.name.startsWith("v26");
    assert.deepEqual(numbers, {
      readFile: oneJobFiles ? 1 : 4,
      promisedReadFile: oneJobFiles ? 1 : 4,
      writeFile: oneJobFiles ? 1 : 3,
      stat: 1,
      missing: 1,
      missingCallback: 1,
      lookup: 1,
      address: 0,
      randomBytes: 1,
      gzip: 2,
      handle: 3,
      refused: 0,
    });
    const names = { promise: "stat", callback: "readdir", random: "random" };
    for (const [name, rounds] of Object.entries(filledBy)) {
      for (const { pool, waits, lines, faults } of rounds) {
        assert.deepEqual(faults, []);
        assert.deepEqual([pool[0], pool[1], waits.count], [4, 5, 1], name);
        assert.deepEqual(
          lines.map(([line]) => line),
          [names[name as keyof typeof names]],
        );
      }
      // On a busy machine a short job's thread waits for a processor after it has started: that is no wait for a thread.
      const right = rounds.filter(({ truth, waits }) => Math.abs(waits.micros - truth) < 0.05 * truth);
      assert.ok(
        right.length >= 3,
        `${name}: ${JSON.stringify(rounds.map(({ truth, waits }) => [truth, waits.micros]))}`,
      );
      const saturated = rounds.filter(
        ({ pool, waits }) => Math.abs(pool[3] - waits.micros) < 0.1 * waits.micros,
      );
      assert.ok(saturated.length >= 3, name);
    }
    assert.equal(after, 0);
  });
}

for (const node of testNodes()) {
  test(`jobs that no request waits for on ${node.name}`, async () => {
    const told = await run<Record<string, unknown>>(node, "poolBackground.cjs", {
      probes: ["requests", "pool"],
    });
    // Before Node 24 it is not known which request runs.
    const nobodys = Number.parseInt(node.name.slice(1), 10) < 24 ? "inferred" : "background";
    assert.deepEqual(told, {
      request: [["inferred", 1]],
      answered: [[nobodys, 1]],
      nobody: [[nobodys, 1]],
    });
  });
}
