// Bytes of sockets, against what a program sends and what the kernel counts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run, testNodes } from "./probeHarness/run.ts";

interface Program {
  readonly each: number;
  readonly tcp: number;
  readonly early: { readonly received: number; readonly sent: number };
  readonly total: { readonly received: number; readonly sent: number };
  /** Null where the kernel does not tell. */
  readonly counted: number | null;
  readonly faults: readonly string[];
}

interface Direct {
  readonly received: number;
  readonly sent: number;
  readonly counted: number | null;
  readonly faults: readonly string[];
}

/** Heads of HTTP, chunks' lengths. */
const HEADS_BYTES = 1_000;

for (const node of testNodes()) {
  describe(`bytes of sockets on Node ${node.name}`, () => {
    it("are those that were sent, of sockets that are closed, too", async () => {
      const { each, tcp, early, total, counted, faults } = await run<Program>(node, "networkBytes.cjs", {
        probes: ["io"],
      });
      assert.deepEqual(faults, []);
      assert.deepEqual(early, { ...early, received: 2 * tcp, sent: 2 * tcp });
      const told = JSON.stringify({ each, total, counted });
      for (const bytes of [total.received, total.sent])
        assert.ok(bytes >= each && bytes < each + HEADS_BYTES, told);
      if (counted === null) return;
      // What else is read and written (modules, wake-ups of the loop) is little.
      assert.ok(Math.abs((total.received + total.sent) / counted - 1) < 0.02, told);
    });

    it("are those on the wire, of TLS and HTTP/2", async () => {
      const { each, secure, framed } = await run<{ each: number; secure: Direct; framed: Direct }>(
        node,
        "secureBytes.cjs",
        { probes: ["io"] },
      );
      for (const { received, sent, counted, faults } of [secure, framed]) {
        assert.deepEqual(faults, []);
        const told = JSON.stringify({ each, received, sent, counted });
        // Records and frames add their heads, 0.5 % at most.
        for (const bytes of [received, sent]) assert.ok(bytes >= each && bytes < 1.01 * each, told);
        if (counted !== null) assert.ok(Math.abs((received + sent) / counted - 1) < 0.02, told);
      }
    });
  });
}
