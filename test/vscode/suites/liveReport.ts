// VS Code tests: the figures on show are of the newest profile, whichever is computed faster.

import assert from "node:assert/strict";
import type { Profile } from "../../../src/model/profile.ts";
import { LiveReport } from "../../../src/recording/liveReport.ts";
import { KnownProfile, times } from "../../unit/knownProfile.ts";
import { workspaceFile } from "./darcy.ts";

describe("the live report", () => {
  it("never goes back to an earlier profile that took longer", async () => {
    const profiles = [profile(1, workspaceFile("server.js").fsPath), profile(2, null)];
    const report = new LiveReport(() => profiles.shift() ?? null, 0);
    await Promise.all([report.compute(), report.compute()]);
    assert.equal(report.figures?.report.requests.total, 2);
    report.dispose();
  });
});

/** @param file is read for the source of a frame */
function profile(requests: number, file: string | null): Profile {
  const known = new KnownProfile();
  if (file !== null) known.stack(`${file}:1 handler`);
  known.route("GET", "/");
  known.window(known.worker(), 0, { latencies: times(requests, 100) });
  return known.profile();
}
