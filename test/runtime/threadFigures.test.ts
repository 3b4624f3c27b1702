// The kernel's figures by thread against switches that are known by construction, and the process's own.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessFigures, ThreadFigures } from "../../src/protocol/window.ts";
import { run, testNodes } from "./probeHarness/run.ts";

interface Figures {
  readonly thread: ThreadFigures;
  readonly process: ProcessFigures | null;
  readonly faults: readonly string[];
}
interface Switches {
  readonly waits: number;
  readonly main: Figures;
  readonly worker: Figures;
  readonly withWorker: Figures;
  readonly after: Figures;
}
interface Connections {
  readonly open: number;
  readonly closed: number;
  readonly iterations: number | null;
  readonly active: number;
  readonly cpu: number;
  readonly heapUsedBytes: number;
  readonly rssBytes: number;
  readonly faults: readonly string[];
}

const linux = process.platform === "linux";

for (const node of testNodes()) {
  test(`switches of each thread on ${node.name}`, { skip: linux ? false : "only Linux tells" }, async () => {
    const result = await run<Switches>(node, "threadSwitches.cjs", { probes: ["thread", "process"] });
    for (const { faults } of [result.main, result.worker, result.withWorker, result.after])
      assert.deepEqual(faults, []);
    for (const { thread } of [result.main, result.worker]) {
      // A wait sleeps once; a few more for the mutex that guards it or a page that is read in.
      const { voluntary, involuntary, cpuMicros, runQueueMicros } = thread;
      assert.ok(
        voluntary !== null && voluntary >= result.waits && voluntary <= result.waits + 10,
        `${voluntary} voluntary switches`,
      );
      assert.ok(involuntary !== null && cpuMicros !== null && cpuMicros > 0 && runQueueMicros !== null);
    }
    assert.equal(result.worker.process, null);

    const rows = new Map(result.withWorker.process?.threads.map(([name, ...row]) => [name, row]));
    assert.equal(rows.get("loop")?.[0], 1);
    assert.equal(rows.get("worker")?.[0], 1);
    assert.equal(rows.get("pool")?.[0], 4);
    assert.ok((rows.get("v8")?.[0] ?? 0) >= 4, "V8's helpers");
    assert.ok((rows.get("worker")?.[1] ?? 0) >= result.waits, "the worker's switches since it was born");
    const left = result.after.process?.threads.find(([name]) => name === "worker");
    assert.ok(left === undefined || left[1] === 0, "the worker is gone");
  });

  test(`connections and loop of the process on ${node.name}`, async () => {
    const result = await run<Connections>(node, "connections.cjs", { probes: ["thread", "process"] });
    assert.deepEqual(result.faults, []);
    assert.equal(result.open, 3);
    assert.equal(result.closed, 0);
    assert.ok(result.iterations === null || result.iterations > 0);
    assert.ok(result.active > 0 && result.cpu > 0);
    assert.ok(result.rssBytes > result.heapUsedBytes && result.heapUsedBytes > 0);
  });
}
