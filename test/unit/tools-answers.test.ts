// Unit tests: what a language model is told where nothing is known.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toReport } from "../../src/model/report.ts";
import { listHotspots } from "../../src/tools/answers.ts";
import { KnownProfile, times } from "./knownProfile.ts";

test("without a finding there is no advice; that nothing is worth changing is said only by its finding", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.window(known.worker(), 0, { latencies: times(3, 500) });
  const report = { ...toReport(known.profile({ calibration: null })), findings: [] };
  const text = listHotspots(report, 10, null);
  assert.match(text, /Nothing was found that Darcy has advice for\.$/);
  assert.doesNotMatch(text, /worth changing/);

  const settled = "Nothing here is worth changing.";
  const finding = { id: "nothing-to-change", claim: "D8", category: null, score: 0, title: settled };
  const said = listHotspots(
    { ...report, findings: [{ ...finding, evidence: "", advice: "", locations: [] }] },
    10,
    null,
  );
  assert.ok(said.includes(settled));
  assert.doesNotMatch(said, /No advice/);
});
