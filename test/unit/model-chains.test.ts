// Chains of copies in the report, from rows whose truth is known by construction.

import assert from "node:assert/strict";
import { test } from "node:test";
import { validateWindow } from "../../src/collector/validate.ts";
import { mergeWindows } from "../../src/model/coalesce.ts";
import { formatPlace, stationOf } from "../../src/model/formatChains.ts";
import { toReport } from "../../src/model/report.ts";
import type { ChainRow } from "../../src/protocol/window.ts";
import { formatText } from "../../src/report/text.ts";
import { KnownProfile, times } from "./knownProfile.ts";

/** 200 requests, 10 traced: the chain in 8 of them, by two stacks that differ above the user's lines. */
function chained(cpuMicros = 200_000) {
  const known = new KnownProfile();
  known.worker();
  const decode = known.operation("decode", "Buffer.toString");
  const parse = known.operation("parse", "JSON.parse");
  const serialise = known.operation("serialise", "JSON.stringify");
  const route = known.route("POST", "/orders");
  const read = known.stack("body.ts:12 read", "server.ts:5 handle");
  const readElsewhere = known.stack("body.ts:12 read", "node:events:9 emit");
  const parsed = known.stack("body.ts:14 read");
  const written = known.stack("answer.ts:3 write");
  const row = (stack: number, count: number): ChainRow => [
    route,
    count,
    [
      [decode, stack, 0, count, 1_000 * count],
      [parse, parsed, 1, count, 1_000 * count],
      [serialise, written, 2, 2 * count, 4_000 * count],
    ],
  ];
  const bytes = 200 * 4_800;
  known.window(0, 0, {
    cells: [
      [decode, 10, 160, 160_000],
      [parse, 10, 160, 160_000],
      [serialise, 11, 320, 640_000],
    ],
    samples: [
      [decode, 10, read, 0, 160, 160, 160_000],
      [parse, 10, parsed, 0, 160, 160, 160_000],
      [serialise, 11, written, 0, 320, 320, 640_000],
    ],
    latencies: times(200, 1_000),
    route,
    routeFacts: [[route, 200_000, 200, 0, 10]],
    chains: [row(read, 5), row(readElsewhere, 3)],
    process: {
      cpuMicros,
      rssBytes: 0,
      heapUsedBytes: 0,
      openConnections: 0,
      threads: [],
    },
  });
  assert.equal(bytes, 960_000);
  return known.profile();
}

test("a chain is told by its lines, a traced request", () => {
  const { chains } = toReport(chained());
  assert.equal(chains.length, 1);
  const [chain] = chains;
  assert.deepEqual([chain?.route, chain?.traced, chain?.seen], ["/orders", 10, 8]);
  assert.deepEqual(
    chain?.stations.map(({ callee, line, from, copies, bytesPerRequest }) => [
      callee,
      line,
      from,
      copies,
      bytesPerRequest,
    ]),
    [
      ["Buffer.toString", 12, null, 0.8, 800],
      ["JSON.parse", 14, 0, 0.8, 800],
      ["JSON.stringify", 3, 1, 1.6, 3_200],
    ],
  );
  assert.equal(chain?.bytesPerRequest, 4_800);
  // At 1, 5 and 2 ns a byte.
  assert.ok(Math.abs((chain?.impactMicrosPerRequest ?? 0) - (0.8 + 4 + 6.4)) < 1e-9);
});

test("a hotspot knows its place in it", () => {
  const report = toReport(chained());
  const parse = report.hotspots.find(({ callee }) => callee === "JSON.parse");
  assert.ok(parse !== undefined);
  const place = stationOf(parse, report.chains);
  assert.ok(place !== null);
  assert.equal(formatPlace(place), "copy 2 of 3");
  assert.equal(place.before?.callee, "Buffer.toString");
  assert.deepEqual(
    place.after.map(({ callee }) => callee),
    ["JSON.stringify"],
  );
  assert.equal(stationOf({ ...parse, line: 15 }, report.chains), null);
});

test("it is advised on where it costs, and shown in the terminal", () => {
  // 11.2 of 20 µs a request.
  const costly = toReport(chained(4_000));
  const [finding] = costly.findings.filter(({ id }) => id === "copied-chain");
  assert.equal(finding?.claim, "D9");
  assert.match(finding?.title ?? "", /3 places on POST \/orders/);
  assert.match(finding?.evidence ?? "", /Buffer\.toString → JSON\.parse → JSON\.stringify: 4\.8 KB/);
  assert.match(finding?.advice ?? "", /What is parsed is serialised again.*up to 9\.3 µs\/req/);
  assert.equal(finding?.locations.length, 3);
  assert.ok(!toReport(chained()).findings.some(({ id }) => id === "copied-chain"));
  const text = formatText(costly, { cwd: "/app" });
  assert.match(text, /POST \/orders: 3 copies, 4\.8 KB a request, in 8 of 10 traced requests/);
  assert.match(text, /3 +serialise +JSON\.stringify +write src\/answer\.ts:3 +3\.2 KB +1\.6 times/);
});

test("neighbouring windows add up", () => {
  const profile = chained();
  const [window] = profile.windows;
  assert.ok(window !== undefined);
  const [both] = toReport({ ...profile, windows: [mergeWindows(window, window)] }).chains;
  assert.deepEqual(both?.stations, toReport(profile).chains[0]?.stations);
  assert.equal(both?.traced, 20);
});

test("a station whose source does not come before it is not taken in", () => {
  const profile = chained();
  const { worker: _worker, ...window } = profile.windows[0] ?? assert.fail();
  const message = {
    ...window,
    type: "window",
    sequence: 0,
    operations: [],
    scripts: [],
    frames: [],
    stacks: [],
    routes: [],
  };
  assert.equal(validateWindow(message).chains?.length, 2);
  const wrong = { ...message, chains: [[0, 1, [[0, 0, 1, 1, 1]]]] };
  assert.throws(() => validateWindow(wrong), /earlier station/);
});
