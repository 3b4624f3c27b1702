// A load that comes after the first window without inlining: what was learnt of the idle server is not held for the load's.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sumUp } from "../../src/model/sums.ts";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

/** Two fields and a header of three words; the list. */
const BYTES = 1_000 * 40 + 8_016;
/** Windows of the settled load: after the first window under it. */
const SETTLED_MICROS = 5_000_000;

for (const [name, node] of NODES) {
  describe(`a load that comes late, Node ${name}`, () => {
    for (const protocol of ["http", "tcp"]) {
      it(`has its own bytes a request over ${protocol}`, async () => {
        const run = await recordProgram(node, [fixture("lateLoad.cjs"), protocol], {}, {});
        assert.equal(run.code, 0, run.stderr);
        const { profile } = run;
        const asked = profile.windows.filter(({ requests }) => requests.some(([, count]) => count > 0));
        const began = asked[0]?.startMicros ?? 0;
        const settled = asked.filter(({ startMicros }) => startMicros > began + SETTLED_MICROS);
        assert.ok(settled.length > 2);
        const { cells, requests } = sumUp(profile, settled);
        let bytes = 0;
        for (const cell of cells.values())
          if (profile.operations[cell.operation]?.kind === "objects") bytes += cell.amount;
        const each = bytes / requests;
        // And what Node makes for a request.
        assert.ok(each > 0.85 * BYTES && each < 1.4 * BYTES, `${each} of ${BYTES} bytes a request`);
      });
    }
  });
}
