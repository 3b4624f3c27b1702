// What requests cost by route, and copy amplification, from profiles whose truth is known by construction.

import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeWindows } from "../../src/model/coalesce.ts";
import { toReport } from "../../src/model/report.ts";
import { formatText } from "../../src/report/text.ts";
import { KnownProfile } from "./knownProfile.ts";

const A_COUNT = 300;
const B_COUNT = 100;

/** Route A copies 1,000 bytes a request of 64 each, B 9,000; every tenth event was sampled. */
function twoRoutes(followed: number, io = { received: 100_000, sent: 500_000, files: 0 }) {
  const known = new KnownProfile();
  known.worker();
  const copy = known.operation("copy", "Buffer.from");
  const wait = known.operation("wait", "Mutex.acquire");
  const a = known.route("GET", "/a");
  const b = known.route("GET", "/b");
  const stack = known.stack("server.ts:5 handle");
  const [aBytes, bBytes] = [A_COUNT * 1_000, B_COUNT * 9_000];
  const total = aBytes + bBytes;
  const routeRow = (route: number, bytes: number) =>
    [copy, 7, stack, route, bytes / 640, bytes / 64, bytes] as const;
  const latencies = (count: number) => [count, count * 1_000, [[100, count]]] as const;
  known.window(0, 0, {
    cells: [[copy, 7, total / 64, total]],
    samples: [[copy, 7, stack, 0, total / 640, total / 64, total]],
    requests: [
      [a, ...latencies(A_COUNT)],
      [b, ...latencies(B_COUNT)],
    ],
    routeFacts: [
      [a, A_COUNT * 1_000, A_COUNT * followed, 0, 0],
      [b, B_COUNT * 2_000, B_COUNT * followed, B_COUNT * followed * 1_000, 0],
    ],
    routeSamples: [routeRow(a, aBytes * followed), routeRow(b, bBytes * followed)],
    io,
  });
  assert.equal(wait, 1);
  return known.profile();
}

test("amounts by route are a share of the totals where all requests were followed", () => {
  const [a, b] = toReport(twoRoutes(1)).requests.routes;
  assert.equal(a?.costs.copies?.perRequest, 1_000);
  assert.equal(b?.costs.copies?.perRequest, 9_000);
  // n = 1,875 samples, p̃ = (n 0.25 + 2) / (n + 4), 9 of 10 not sampled.
  const p = (1_875 * 0.25 + 2) / 1_879;
  const error = (1.96 * Math.sqrt((1_200_000 ** 2 * p * (1 - p) * 0.9) / 1_875)) / 300_000;
  assert.ok(Math.abs((a?.costs.copies?.relativeError ?? 0) - error) < 1e-9);
  // At the price of 64 bytes, 1 ns a byte.
  assert.ok(Math.abs((b?.costs.copies?.impactMicrosPerRequest ?? 0) - 9) < 1e-9);
  assert.equal(a?.costs.locks?.perRequest, 0);
  assert.equal(a?.costs.switches, null);
  assert.equal(a?.costs.buffers, null);
});

test("a tenth of the requests, followed from start to end, stands for all", () => {
  const [a, b] = toReport(twoRoutes(0.1)).requests.routes;
  assert.ok(Math.abs((a?.costs.copies?.perRequest ?? 0) / 1_000 - 1) < 1e-9);
  assert.ok(Math.abs((b?.costs.copies?.perRequest ?? 0) / 9_000 - 1) < 1e-9);
  const error = 1.96 / Math.sqrt(300_000 / 640 / 10);
  assert.ok(Math.abs((a?.costs.copies?.relativeError ?? 0) / error - 1) < 1e-9);
  assert.equal(b?.movedBytes, 3_000);
});

test("a line is told by the routes whose requests ran it", () => {
  for (const followed of [1, 0.1]) {
    const [spot] = toReport(twoRoutes(followed)).hotspots;
    assert.deepEqual(
      spot?.routes.map(({ method, route, share }) => [method, route, Number(share.toFixed(9))]),
      [
        ["GET", "/b", 0.75],
        ["GET", "/a", 0.25],
      ],
    );
  }
});

test("copy amplification: bytes copied over bytes moved, by route only where these are known", () => {
  const { io, requests } = toReport(twoRoutes(1));
  assert.equal(io?.copyAmplification, 2);
  assert.deepEqual(
    requests.routes.map(({ movedBytes, copyAmplification }) => [movedBytes, copyAmplification]),
    [
      [1_000, 1],
      [3_000, 3],
    ],
  );
  const more = toReport(twoRoutes(1, { received: 100_000, sent: 500_000, files: 100_000 }));
  assert.ok(Math.abs((more.io?.copyAmplification ?? 0) - 12 / 7) < 1e-9);
  assert.deepEqual(
    more.requests.routes.map(({ copyAmplification }) => copyAmplification),
    [null, null],
  );
});

test("the terminal shows them with their units", () => {
  const text = formatText(toReport(twoRoutes(1)), { width: 120 });
  assert.match(text, /3\.0 KB, 2\.0 × what came in and went out/);
  assert.match(text, /GET \/a +300 .* 1\.0 KB ± 7\s% +1\.0 KB +1\.0 +–/);
  assert.match(text, /GET \/b +100 .* 9\.0 KB ± 2\s% +3\.0 KB +3\.0 +–/);
});

test("it is unknown without its figures, and worth a finding where it is high and costs", () => {
  const profile = twoRoutes(1);
  const bare = { ...profile, windows: profile.windows.map(({ io: _io, ...window }) => window) };
  assert.equal(toReport(bare).io, null);
  assert.ok(toReport(bare).requests.routes.every(({ movedBytes }) => movedBytes === null));
  const withProcessor = (io: { received: number; sent: number; files: number }) => {
    const costly = twoRoutes(1, io);
    const process = {
      cpuMicros: 20_000,
      rssBytes: 0,
      heapUsedBytes: 0,
      openConnections: 0,
      threads: [],
    };
    return toReport({ ...costly, windows: costly.windows.map((window) => ({ ...window, process })) });
  };
  const ids = (io: { received: number; sent: number; files: number }) =>
    withProcessor(io).findings.map(({ id }) => id);
  assert.ok(ids({ received: 100_000, sent: 100_000, files: 0 }).includes("copy-amplification"));
  assert.ok(!ids({ received: 100_000, sent: 500_000, files: 0 }).includes("copy-amplification"));
});

test("two windows as one keep every sum by route", () => {
  const profile = twoRoutes(0.1);
  const [window] = profile.windows;
  assert.ok(window !== undefined);
  const both = mergeWindows(window, window);
  const [a] = toReport({ ...profile, windows: [both] }).requests.routes;
  const [alone] = toReport(profile).requests.routes;
  assert.equal(a?.count, 2 * (alone?.count ?? 0));
  assert.equal(a?.costs.copies?.perRequest, alone?.costs.copies?.perRequest);
  assert.equal(a?.movedBytes, alone?.movedBytes);
});
