// Memory off the heap that no probe counts, made by ways and in amounts known by construction: never more is told, and
// little less.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { run, testNodes } from "./probeHarness/run.ts";

interface Sums {
  readonly hidden: number;
  readonly counted: number;
  readonly uncounted: number;
  readonly told: number;
  readonly kept: number;
  readonly faults: readonly string[];
}
type Result = Sums & { readonly main?: Sums };

/** Of Node's own, while a program runs: what it reads, a pool that was begun before. */
const NODES_BYTES = 100_000;
const PROBES = ["gc", "buffers", "clones"] as const;

for (const node of testNodes()) {
  const result = (kind: string) =>
    run<Result>(node, "offHeapGrowth.cjs", { probes: PROBES, environment: { KIND: kind } });
  const within = ({ hidden, uncounted, faults }: Sums, least: number) => {
    if (process.env.SHOW) console.error(node.name, "part", uncounted / hidden, "more", uncounted - hidden);
    assert.deepEqual(faults, []);
    assert.ok(uncounted <= hidden + NODES_BYTES, `${uncounted} of ${hidden} bytes are told: too many`);
    assert.ok(uncounted >= least * hidden, `${uncounted} of ${hidden} bytes are told: too few`);
  };

  describe(`uncounted memory off the heap on ${node.name}`, () => {
    for (const kind of ["counted", "small"]) {
      test(`none: ${kind}`, async () => {
        const sums = await result(kind);
        assert.ok(sums.told >= sums.counted);
        within(sums, 0);
      });
    }

    // What nothing frees is seen whole; of what collections free, as much as comes before them.
    for (const [kind, least] of [
      ["kept", 0.98],
      ["beside", 0.9],
      ["short", 0.5],
      ["typed", 0.5],
      ["random", 0.5],
      ["serialised", 0.5],
      ["resizable", 0.5],
    ] as const) {
      test(kind, async () => within(await result(kind), least));
    }

    // It grows as the others do, and has a line.
    test("cloned", async () => {
      const sums = await result("cloned");
      within(sums, 0.5);
      assert.ok(
        Math.abs(sums.told - sums.hidden) < NODES_BYTES,
        `${sums.told} of ${sums.hidden} have a line`,
      );
    });

    test("transferred within one thread", async () => {
      const sums = await result("given");
      assert.ok(sums.kept > 0);
      within(sums, 0.9);
    });

    test("of a worker thread", async () => {
      const sums = await result("thread");
      within(sums, 0.5);
      within(sums.main as Sums, 0);
    });

    test("made in a worker thread and transferred to another", async () => {
      const sums = await result("giver");
      assert.ok((sums.main?.kept ?? 0) > 0);
      within(sums, 0.9);
      within(sums.main as Sums, 0);
    });
  });
}
