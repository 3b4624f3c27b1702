// Messages over connections that carry no HTTP, against programs that know how many they sent.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { toReport } from "../../src/model/report.ts";
import type { RequestsReport } from "../../src/protocol/requests.ts";
import { exactAmounts, fixture, NODES, recordProgram } from "./recordProgram.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy-messages-"));
after(() => rmSync(folder, { recursive: true }));

const PROGRAM = [fixture("messages.cjs")];
const SAMPLING = { heapWindowMillis: 0 };
type Counts = Readonly<Record<string, number>>;

function countsOf({ routes }: RequestsReport): Counts {
  return Object.fromEntries(routes.map(({ method, route, count }) => [`${method} ${route}`, count]));
}

for (const [name, node] of NODES) {
  describe(`messages on Node ${name}`, () => {
    it("are counted to the last one, apart from requests over HTTP", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(
        node,
        PROGRAM,
        { FOLDER: folder },
        SAMPLING,
      );
      assert.equal(code, 0, stderr);
      const { requests } = toReport({ ...profile, measureFromMicros: profile.startedMicros });
      assert.deepEqual(countsOf(requests), JSON.parse(stdout));
      for (const { method, p50Micros, p99Micros, followed } of requests.routes) {
        if (method === "POST") assert.ok(p50Micros !== null);
        // Who was answered is for the protocol to say.
        else assert.deepEqual([p50Micros, p99Micros, followed], [null, null, 0]);
      }
      assert.ok(requests.p50Micros !== null && requests.meanMicros !== null);
    });

    it("are counted where the connection came, and never what turns out to be HTTP", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(node, [fixture("handedConnections.cjs")]);
      assert.equal(code, 0, stderr);
      const { requests } = toReport({ ...profile, measureFromMicros: profile.startedMicros });
      assert.deepEqual(countsOf(requests), JSON.parse(stdout));
    });

    it("are what a message costs is told by, also where rests come between", async (test) => {
      const environment = { MILLIS: "5000" };
      const rest = { firstMillis: 900, spellMillis: 900, restMillis: 700 };
      const run = await recordProgram(node, PROGRAM, environment, SAMPLING, rest);
      assert.equal(run.code, 0, run.stderr);
      const { profile, stdout } = run;
      const sent = JSON.parse(stdout) as Counts;
      const report = toReport({ ...profile, measureFromMicros: profile.startedMicros });
      const counts = countsOf(report.requests);
      test.diagnostic(JSON.stringify({ sent, counts, share: report.measuredShare }));
      assert.deepEqual(Object.keys(counts).sort(), Object.keys(sent).sort());
      for (const [route, count] of Object.entries(counts)) assert.ok(count < (sent[route] ?? 0), route);
      // A message may begin in a spell and end in a rest, or the other way round.
      const edges = 2 * (Math.ceil(5_000 / 1_600) + 2);
      const concats = exactAmounts(profile, ["concat"])["concat Buffer.concat"]?.count ?? 0;
      assert.ok(Math.abs(concats - report.requests.total) <= edges, JSON.stringify({ concats, counts }));
    });
  });
}
