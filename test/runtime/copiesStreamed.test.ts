// Copies by decoders, streams, files and blobs, against sizes known by construction.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { KINDS } from "../../src/protocol/categories.ts";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

const COPIES = Object.entries(KINDS).flatMap(([kind, category]) => (category === "copies" ? [kind] : []));
/** What Node itself makes meanwhile: paths, its output, the sources that it loads. */
const STRAY_BYTES = 60_000;
const MAY_STRAY = new Set([
  "decode Buffer.toString",
  "encode Buffer.from",
  "decode fs.readFileSync",
  "decode TextDecoder.decode",
]);
/** What the program does besides, what goes into a Blob, and the table of a decoder of single bytes. */
const BESIDES =
  /^(?:serialise|parse|encode (?:Socket\.write|fs\.|Buffer\.)|decode Buffer\.toString|copy Buffer|copy ArrayBuffer\.slice|copy TypedArray\.set|encode TextEncoder\.encode$|concat Buffer\.concat)/;

for (const [name, node] of NODES) {
  describe(`copies on the way, Node ${name}`, () => {
    it("are as many and as large as made, each counted once", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(node, [fixture("streamedCopies.mjs")]);
      assert.equal(code, 0, stderr);
      const truth = JSON.parse(stdout) as Record<string, [number, number]>;
      const measured = exactAmounts(profile, COPIES);
      for (const [key, [calls, bytes]] of Object.entries(truth)) {
        const { count, amount } = measured[key] ?? { count: 0, amount: 0 };
        const stray = MAY_STRAY.has(key) ? STRAY_BYTES : 0;
        assert.ok(amount >= bytes && amount <= bytes + stray, `${key}: ${amount} bytes for ${bytes}`);
        if (stray === 0) assert.equal(count, calls, `${key}: calls`);
      }
      const others = Object.keys(measured).filter((key) => !(key in truth) && !BESIDES.test(key));
      assert.deepEqual(others, []);
    });

    it("change nothing that the functions are, give back or refuse", async () => {
      const program = fixture("copiesUnaltered.mjs");
      const { stdout, stderr } = await recordProgram(node, [program]);
      assert.equal(stderr, "");
      const plain = execFileSync(node, [program], { encoding: "utf8" });
      assert.deepEqual(JSON.parse(stdout), JSON.parse(plain));
    });
  });
}
