// Unit tests: what the sessions tree says of a recording.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useLocale } from "../../src/model/l10n.ts";
import { toReport } from "../../src/model/report.ts";
import { sessionDetails, sessionWords, summaryOf } from "../../src/sessions/summary.ts";
import { KnownProfile, times } from "./knownProfile.ts";

test("recordings are told apart by rate and start, in the reader's language", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.window(known.worker(), 0, { latencies: times(200, 900) });
  const report = toReport(known.profile({ cwd: "/app" }));
  const startedAt = new Date(2026, 10, 26, 13, 41).toISOString();
  const summary = summaryOf({ ...report, startedAt, command: ["node", "server.js"] }, "/app");
  assert.equal(summary.cwd, "/app");
  assert.match(sessionWords(summary), /^200 req\/s, Nov 26, 13:41$/);
  assert.deepEqual(sessionDetails(summary), ["node server.js", "200 requests"]);
  assert.equal(sessionWords({ ...summary, startedAt: "some day" }), "200 req/s");
  useLocale("de-DE");
  try {
    assert.match(sessionWords(summary), /^200 req\/s, 26\. Nov\., 13:41$/);
  } finally {
    useLocale("en-US");
  }
});
