// What built-ins allocate belongs to who called them, also where Darcy stands in between.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toReport } from "../../src/model/report.ts";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

for (const [name, node] of NODES) {
  describe(`allocation by built-ins on Node ${name}`, () => {
    it("is charged to the callers of JSON.parse and structuredClone", async () => {
      const { profile, stderr, code } = await recordProgram(node, [fixture("natives.cjs")], {}, {});
      assert.equal(code, 0, stderr);
      const shares = new Map<string, number>();
      for (const { kind, function: site, share } of toReport(profile).hotspots) {
        if (kind === "objects") shares.set(site, (shares.get(site) ?? 0) + share);
      }
      const all = JSON.stringify([...shares]);
      assert.ok((shares.get("parseIt") ?? 0) > 0.2, all);
      assert.ok((shares.get("cloneIt") ?? 0) > 0.2, all);
      const placed = ["parseIt", "cloneIt", "sliceIt", "turn"].reduce(
        (sum, site) => sum + (shares.get(site) ?? 0),
        0,
      );
      assert.ok(placed > 0.9, all);
    });
  });
}
