// Every function that the preload patches, called with arguments made from a seed: with and without it they give the
// same, throw the same, and ask the same of their arguments.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { NODES } from "../runtime/recordProgram.ts";
import { differences } from "./compare.ts";
import { Sides } from "./sides.ts";

/** Others by these variables; with some of them Node itself aborts at what its native functions are given. */
const SEED = Number(process.env.DARCY_FIDELITY_SEED ?? "1");
const RUNS = Number(process.env.DARCY_FIDELITY_RUNS ?? (process.env.DARCY_FIDELITY === "all" ? "60" : "25"));
/** Listens wherever its arguments say; users call `listen`, which `http.cjs` does. */
const LEFT_OUT = /\._listen2$/;
const SHOWN = 400;
const program = (name: string) => join(import.meta.dirname, "programs", name);

for (const [name, node] of NODES) {
  describe(`Patched functions on Node ${name}`, () => {
    it(`do the same with arbitrary arguments (seed ${SEED})`, async () => {
      const sides = await Sides.open(node);
      try {
        const sources = { args: [program("sources.cjs")] };
        const patched = differences(await sides.plain(sources), await sides.measured(sources))
          .filter(({ plain, measured }) => plain !== null && measured !== null)
          .map(({ label }) => label)
          .filter((path) => !LEFT_OUT.test(path));
        assert.ok(patched.length > 100, `only ${patched.length} functions are patched`);
        const stdin = JSON.stringify({ seed: SEED, numRuns: RUNS, paths: patched });
        const calls = { args: [program("properties.cjs")], stdin };
        const plain = await unlessNodeCrashes(name, () => sides.plain(calls));
        assert.equal(plain.exit, "code 0", plain.stderr);
        const called = new Set(plain.stdout.split("\n").map((line) => line.split(": ")[0]));
        assert.deepEqual(
          patched.filter((path) => !called.has(path)),
          [],
          "all are called",
        );
        const measured = await unlessNodeCrashes(name, () => sides.measured(calls));
        const found = differences(plain, measured).map(({ label, plain: one, measured: other }) =>
          firstDifference(label, one ?? "", other ?? ""),
        );
        assert.deepEqual(found, []);
      } finally {
        await sides.close();
      }
    });
  });
}

/** Node 20 itself, without us, crashes at these arguments once in some ten or twenty runs. */
async function unlessNodeCrashes<T extends { readonly exit: string }>(
  node: string,
  run: () => Promise<T>,
): Promise<T> {
  let told = await run();
  for (let again = 0; again < 3 && told.exit === "SIGSEGV" && node.startsWith("20"); again++) {
    console.log(`Node ${node} has crashed (SIGSEGV); once more.`);
    told = await run();
  }
  return told;
}

function firstDifference(label: string, plain: string, measured: string): unknown {
  const [one, other] = [plain.split(" | "), measured.split(" | ")];
  const at = one.findIndex((line, index) => line !== other[index]);
  return { label, call: at, plain: one[at]?.slice(0, SHOWN), measured: other[at]?.slice(0, SHOWN) };
}
