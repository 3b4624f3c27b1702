// Unit tests: time in which nothing was measured thins no rate, also where windows on both sides of it were made one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "../../src/model/coalesce.ts";
import { measuredMicros, measuredShare } from "../../src/model/measuredTime.ts";
import type { Profile } from "../../src/model/profile.ts";
import { toReport } from "../../src/model/report.ts";
import { toSeries } from "../../src/model/series.ts";
import { KnownProfile, times } from "./knownProfile.ts";

const SECOND = 1_000_000;

/** Two workers: 10 seconds of 100 requests each, 40 of rest, 10 more; in windows of a second. */
function rested(): Profile {
  const known = new KnownProfile();
  const route = known.route("GET", "/");
  const workers = [known.worker(), known.worker()];
  for (const at of [0, 50])
    for (let second = at; second < at + 10; second++)
      for (const worker of workers) known.window(worker, second, { route, latencies: times(100, 1_000) });
  return known.profile();
}

test("rates are of measured time", () => {
  const profile = rested();
  assert.equal(measuredShare(profile.windows), 1 / 3);
  const report = toReport(profile);
  assert.equal(report.measuredShare, 1 / 3);
  assert.ok(Math.abs(report.durationMs - 20_000) < 1, `${report.durationMs}`);
  assert.ok(Math.abs(report.requests.perSecond - 200) < 0.1, `${report.requests.perSecond}`);
});

test("rests stand in the time line as time of which nothing is known", () => {
  const { requestsPerSecond } = toSeries(rested(), 1_000);
  assert.equal(requestsPerSecond[5], 200);
  assert.equal(requestsPerSecond[30], null);
  assert.equal(requestsPerSecond[55], 200);
});

test("windows are made one within a spell first, then over rests, and the rest stays known", () => {
  const one = rested().windows.filter(({ worker }) => worker === 0);
  let joined = coalesce(one, 0);
  assert.equal(joined.length, 10);
  assert.ok(joined.every(({ restMicros }) => restMicros === undefined));
  while (joined.length > 1) joined = coalesce(joined, 0);
  const [whole] = joined;
  assert.equal(whole?.restMicros, 40 * SECOND);
  assert.equal(whole && measuredMicros(whole), 20 * SECOND);
  assert.equal(measuredShare(joined), 1 / 3);
});

test("without rests all time is measured", () => {
  const { windows } = rested();
  assert.equal(measuredShare(windows.filter((_, at) => at < 20)), 1);
  assert.equal(measuredShare([]), 1);
});
