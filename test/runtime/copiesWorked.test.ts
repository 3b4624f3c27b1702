// Hashing, ciphers and compression against sizes known by construction, and times measured beside them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellMicros } from "../../src/model/cost.ts";
import { sumUp } from "../../src/model/sums.ts";
import type { Kind } from "../../src/protocol/categories.ts";
import { inTries } from "./inTries.ts";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

const KINDS = ["hash", "cipher", "compress"];
/** Made before what is counted. */
const BEFORE: Readonly<Record<string, number>> = {
  "compress zlib.gzipSync": 20_000,
  "compress zlib.brotliCompressSync": 20_000,
};

for (const [name, node] of NODES) {
  describe(`bytes worked on, Node ${name}`, () => {
    it("are as many as went through", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(node, [fixture("workedCopies.mjs")]);
      assert.equal(code, 0, stderr);
      const truth = JSON.parse(stdout) as Record<string, [number, number]>;
      const measured = exactAmounts(profile, KINDS);
      for (const [key, [calls, bytes]] of Object.entries(truth)) {
        const { count, amount } = measured[key] ?? { count: 0, amount: 0 };
        assert.equal(amount, bytes + (BEFORE[key] ?? 0), `${key}: bytes`);
        // Two chunks of a stream that come at once may be one; a window's end may cut one in two.
        assert.ok(count <= calls + 3 && count >= calls / 2, `${key}: ${count} of ${calls}`);
      }
      assert.deepEqual(Object.keys(measured).sort(), Object.keys(truth).sort());
    });
    for (const loop of ["idle", "busy"]) {
      it(`are priced by the time that it takes, with a loop that is ${loop}`, () => {
        // An interruption spoils one figure, and another one at the next try: each must be right once.
        const right = new Set<string>();
        return inTries(4, async () => {
          const { profile, stdout, stderr, code } = await recordProgram(node, [
            fixture("workedTimes.mjs"),
            loop,
          ]);
          assert.equal(code, 0, stderr);
          const { here, waited } = JSON.parse(stdout) as Record<string, Record<string, number>>;
          const { cells } = sumUp(profile, profile.windows);
          const priceOf = (key: string) => {
            let found = 0;
            for (const cell of cells.values()) {
              const { kind, callee } = profile.operations[cell.operation] ?? { kind: "copy", callee: "" };
              if (`${kind} ${callee}` === key) found += cellMicros(null, kind as Kind, cell) ?? 0;
            }
            return found;
          };
          const wrong: string[] = [];
          const check = (name: string, within: boolean, figures: string) => {
            if (within) right.add(name);
            if (!right.has(name)) wrong.push(`${name}: ${figures}`);
          };
          for (const [key, micros] of Object.entries(here ?? {})) {
            const ratio = priceOf(key) / micros;
            // Means, with collections and interruptions in them, beside a median: on a machine that is full, too.
            check(key, ratio > 0.6 && ratio < 4, `${ratio} of ${micros} µs`);
          }
          for (const [name, micros] of Object.entries(waited ?? {})) {
            const found = priceOf(`compress zlib.${name}`);
            // A busy loop lets what comes from the pool wait: how long it took is not known then.
            if (loop === "busy") assert.equal(found, 0, name);
            else {
              const least = (here?.[`compress zlib.${name}Sync`] ?? 0) / 2;
              check(name, found >= least && found <= micros, `${found} µs of ${least} to ${micros}`);
            }
          }
          assert.deepEqual(wrong, []);
        });
      });
    }
  });
}
