// Copies against sizes known by construction.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellMicros } from "../../src/model/cost.ts";
import type { Profile } from "../../src/model/profile.ts";
import { sumUp } from "../../src/model/sums.ts";
import type { Kind } from "../../src/protocol/categories.ts";
import { inTries } from "./inTries.ts";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

const KINDS = ["copy", "concat", "encode", "decode", "clone", "serialise", "parse"];
/** Sized where they are sampled, by an estimate of V8's format; all others are exact. */
const TOLERANCE: Readonly<Record<string, number>> = {
  "clone structuredClone": 0.01,
  "clone MessagePort.postMessage": 0.01,
};
/** Node itself makes a few of these at the start. */
const STRAY_BYTES = 100_000;
const STRAY_CALLS: Readonly<Record<string, number>> = { "decode Buffer.toString": 2 };

/** Beyond it, calls that were interrupted spoil the mean of their times. */
const BUSY_SHARE = 0.2;

/** Of the time that the program's main thread could run, the part that it waited for a processor; 0 where that is not told. */
function waitedShare({ windows }: Profile): number {
  const [main] = windows;
  let [ran, waited] = [0, 0];
  for (const { worker, thread } of windows) {
    if (worker !== main?.worker || thread.runQueueMicros === null) continue;
    ran += thread.cpuMicros ?? 0;
    waited += thread.runQueueMicros;
  }
  return waited > 0 ? waited / (ran + waited) : 0;
}

for (const [name, node] of NODES) {
  describe(`copies on Node ${name}`, () => {
    it("are as many and as large as made", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(node, [fixture("copies.mjs")]);
      assert.equal(code, 0, stderr);
      const truth = JSON.parse(stdout) as Record<string, [number, number]>;
      const measured = exactAmounts(profile, KINDS);
      for (const [key, [calls, bytes]] of Object.entries(truth)) {
        const { count, amount } = measured[key] ?? { count: 0, amount: 0 };
        const wanted = calls * (STRAY_CALLS[key] ?? 1);
        assert.ok(count >= wanted - 0.5 && count <= wanted + 200, `${key}: ${count} calls for ${wanted}`);
        const error = (amount - bytes) / bytes;
        const tolerance = TOLERANCE[key] ?? 0;
        const stray = count > wanted + 0.5 ? STRAY_BYTES / bytes : 0;
        assert.ok(
          error >= -tolerance - 1e-9 && error <= tolerance + stray + 1e-9,
          `${key}: ${amount} bytes for ${bytes}`,
        );
      }
    });
    for (const content of ["text", "records"]) {
      it(`are priced by the time that they take: ${content} as JSON`, (test) =>
        inTries(3, async () => {
          const { profile, stdout, stderr, code } = await recordProgram(node, [
            fixture("serialising.mjs"),
            content,
          ]);
          assert.equal(code, 0, stderr);
          const spent = JSON.parse(stdout) as Record<string, number>;
          const busy = waitedShare(profile);
          if (busy > BUSY_SHARE) {
            test.diagnostic(`the program waited ${Math.round(busy * 100)} % of its time for a processor`);
            return;
          }
          const { cells } = sumUp(profile, profile.windows);
          for (const [kind, micros] of Object.entries(spent)) {
            let found = 0;
            for (const cell of cells.values())
              if (profile.operations[cell.operation]?.kind === kind)
                found += cellMicros(null, kind as Kind, cell) ?? 0;
            const ratio = found / micros;
            // Means, with collections and interruptions in them, beside a median.
            assert.ok(ratio > 0.8 && ratio < 1.4, `${kind}: ${found} µs of ${micros}`);
          }
        }));
    }
  });
}
