// Unit tests: work put off within a thread (claim C11): by line, apart from hand-offs, and for how much nothing else was there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toReport } from "../../src/model/report.ts";
import type { ProcessFigures } from "../../src/protocol/window.ts";
import { formatText } from "../../src/report/text.ts";
import { KnownProfile, PRICES, times } from "./knownProfile.ts";

const PROCESS: ProcessFigures = {
  cpuMicros: 10_000,
  rssBytes: 1,
  heapUsedBytes: 1,
  openConnections: 1,
  threads: [["loop", 1, 100, 0, 0]],
};

/** 100 requests, two immediates each, in turns of which `events` brought one. */
function known(turns: number, events: number) {
  const profile = new KnownProfile();
  profile.route("GET", "/");
  profile.worker();
  const hop = profile.operation("hop", "setImmediate");
  const read = profile.operation("round trip", "fs.stat");
  const a = profile.stack("node:timers:10 setImmediate", "a.ts:10 a");
  const b = profile.stack("lib/lib/index.js:5 defer", "b.ts:20 b");
  profile.window(0, 0, {
    latencies: times(100, 1_000),
    cells: [
      [hop, 1, 200, 200],
      [read, 2, 100, 200],
    ],
    samples: [
      [hop, 1, a, 0, 150, 150, 150],
      [hop, 1, b, 0, 50, 50, 50],
      [read, 2, a, 0, 100, 100, 200],
    ],
    thread: { voluntary: 100, loopIterations: turns, loopEvents: events, loopEventsWaiting: 0 },
    process: PROCESS,
  });
  return profile.profile({ calibration: { ...PRICES, hopMicros: { median: 2, low: 1, high: 3 } } });
}

test("hops are told by line, and are no hand-offs", () => {
  const report = toReport(known(300, 100));
  assert.deepEqual([report.hops?.count, report.hops?.perRequest], [200, 2]);
  assert.deepEqual(
    report.hops?.sites.map(({ line, callee, perRequest, impactMicrosPerRequest }) => [
      line,
      callee,
      perRequest,
      impactMicrosPerRequest,
    ]),
    [
      [10, "timers.setImmediate", 1.5, 3],
      [20, "defer", 0.5, 1],
    ],
  );
  assert.equal(report.totals.switches.count, 200);
  assert.deepEqual(
    report.hotspots.map(({ kind, share }) => [kind, share]),
    [["round trip", 1]],
  );
});

test("needless where their turns brought nothing; then worth a word", () => {
  // 300 turns: 100 with the events that woke it, 200 for immediates alone.
  const needless = toReport(known(300, 100));
  assert.equal(needless.hops?.alone, 1);
  const finding = needless.findings.find(({ id }) => id === "needless-hop");
  assert.deepEqual([finding?.claim, finding?.locations[0]?.line], ["C11", 10]);
  assert.match(formatText(needless), /setImmediate 2\.0 times a request, at least 100\u2009% of them/);
  // As many turns as events: others' work was let in.
  const useful = toReport(known(200, 200));
  assert.equal(useful.hops?.alone, 0);
  assert.equal(
    useful.findings.find(({ id }) => id === "needless-hop"),
    undefined,
  );
});

test("unknown where the loop's figures or the probe are missing", () => {
  const profile = known(300, 100);
  const windows = profile.windows.map((window) => ({
    ...window,
    thread: { ...window.thread, loopEventsWaiting: null },
  }));
  assert.equal(toReport({ ...profile, windows }).hops?.alone, null);
  const without = new KnownProfile();
  without.worker();
  without.window(0, 0);
  assert.equal(toReport(without.profile()).hops, null);
});
