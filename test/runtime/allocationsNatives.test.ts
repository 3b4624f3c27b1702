// What built-ins allocate belongs to who called them, also where Darcy stands in between.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toReport } from "../../src/model/report.ts";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

/** Total-variation distance of the shares: about 4,000 samples are behind them. */
const LARGEST_DISTANCE = 0.05;

for (const [name, node] of NODES) {
  describe(`allocation by built-ins on Node ${name}`, () => {
    it("is charged to the callers of JSON.parse and structuredClone", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(node, [fixture("natives.cjs")], {}, {});
      assert.equal(code, 0, stderr);
      const truth = JSON.parse(stdout) as Record<string, number>;
      const all = Object.values(truth).reduce((sum, bytes) => sum + bytes, 0);
      const shares = new Map<string, number>();
      for (const { kind, function: site, share } of toReport(profile).hotspots) {
        if (kind === "objects") shares.set(site, (shares.get(site) ?? 0) + share);
      }
      const objects = [...shares.values()].reduce((sum, share) => sum + share, 0);
      let difference = 0;
      for (const site of new Set([...shares.keys(), ...Object.keys(truth)]))
        difference += Math.abs((shares.get(site) ?? 0) / objects - (truth[site] ?? 0) / all);
      const both = JSON.stringify({ found: [...shares], truth });
      assert.ok(difference / 2 <= LARGEST_DISTANCE, both);
      assert.ok(Number(truth.parseIt) > 4_000 && Number(truth.cloneIt) > 4_000, both);
    });
  });
}
