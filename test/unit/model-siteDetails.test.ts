// Unit tests: callers, flame graph and lock grid of profiles whose truth is known by construction.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../src/model/report.ts";
import { siteDetails } from "../../src/model/siteDetails.ts";
import { type CallTree, siteRefOf } from "../../src/protocol/siteDetails.ts";
import { KnownProfile, times } from "./knownProfile.ts";

/** 100 requests wait 1,000 µs in all at one line, 600 by one caller, 400 by another that is awaited deeper. */
function known() {
  const made = new KnownProfile();
  const wait = made.operation("wait", "Mutex.acquire");
  const pool = made.operation("wait", "Pool.connect");
  const one = made.stack(
    "async-mutex/lib/Mutex.js:24 Mutex.acquire",
    "place.ts:19 placeOrder",
    "routes.ts:12 handler",
  );
  const two = made.stack(
    "async-mutex/lib/Mutex.js:24 Mutex.acquire",
    "place.ts:19 placeOrder",
    "node:internal/timers:5 run",
    "retry.ts:30 retryOrder",
    "queue.ts:18 drain",
  );
  const other = made.stack("db.ts:14 query", "routes.ts:12 handler");
  made.route("GET", "/");
  made.window(made.worker(), 0, {
    cells: [
      [wait, 7, 10, 1_000],
      [pool, 7, 10, 500],
    ],
    samples: [
      [wait, 7, one, 0, 6, 6, 600],
      [wait, 7, two, 0, 4, 4, 400],
      [pool, 7, other, 0, 10, 10, 500],
    ],
    waits: [
      [wait, one, 1, 0, 600, 6, 6, 1],
      [wait, two, 2, 0, 300, 4, 4, 1],
      [wait, two, 0, 0, 100, 4, 4, 1],
    ],
    latencies: times(100, 50),
  });
  const analysis = analyse(made.profile({ lockKeys: ["", "orders:1", "orders:2"] }));
  const at = (line: number) => {
    const hotspot = analysis.report.hotspots.find((each) => each.line === line);
    assert.ok(hotspot);
    return siteRefOf(hotspot);
  };
  return { analysis, at };
}

function rowsOf(tree: CallTree): string[] {
  const depth: number[] = [];
  return tree.nodes.map(([parent, frame, value], index) => {
    depth[index] = parent < 0 ? 0 : (depth[parent] ?? 0) + 1;
    const { function: name = "all", line = 0 } = tree.frames[frame] ?? {};
    return `${" ".repeat(depth[index])}${name}${line > 0 ? `:${line}` : ""} ${value}`;
  });
}

test("callers go outwards from the line, the heaviest first, without Node's own frames", () => {
  const { analysis, at } = known();
  const tree = siteDetails(analysis, at(19), "callers")?.tree;
  assert.ok(tree);
  assert.equal(tree.unit, "impact");
  assert.deepEqual(rowsOf(tree), ["placeOrder:19 10", " handler:12 6", " retryOrder:30 4", "  drain:18 4"]);
  assert.equal(tree.rest, 0);
});

test("the flame graph holds all of the category; what the innermost frame calls stands inside it", () => {
  const { analysis, at } = known();
  const tree = siteDetails(analysis, at(14), "flame")?.tree;
  assert.ok(tree);
  assert.deepEqual(rowsOf(tree), [
    "all 15",
    " handler:12 11",
    "  placeOrder:19 6",
    "   Mutex.acquire:24 6",
    "    Mutex.acquire 6",
    "  query:14 5",
    "   Pool.connect 5",
    " drain:18 4",
    "  retryOrder:30 4",
    "   placeOrder:19 4",
    "    Mutex.acquire:24 4",
    "     Mutex.acquire 4",
  ]);
});

test("the lock grid adds up to each site's waiting, by key, with what has none last", () => {
  const { analysis, at } = known();
  const grid = siteDetails(analysis, at(19), "grid")?.grid;
  assert.ok(grid);
  assert.deepEqual(grid.keys, ["orders:1", "orders:2", null]);
  assert.deepEqual(
    grid.sites.map(({ function: name, micros }) => [name, micros]),
    [
      ["placeOrder", 10],
      ["query", 5],
    ],
  );
  assert.deepEqual(grid.micros, [
    [6, 3, 1],
    [0, 0, 5],
  ]);
});

test("a site that is gone has no details, and a tree of thousands of callers stays small and adds up", () => {
  const { analysis, at } = known();
  assert.equal(siteDetails(analysis, { ...at(19), line: 999 }, "callers"), null);
  const made = new KnownProfile();
  const copy = made.operation("copy", "Buffer.concat");
  const samples = Array.from(
    { length: 3_000 },
    (_, index) =>
      [copy, 9, made.stack("a.ts:1 work", `b.ts:${index + 1} caller`), 0, 1, 1, 300 + (index % 7)] as const,
  );
  const amount = samples.reduce((sum, [, , , , , , bytes]) => sum + bytes, 0);
  made.route("GET", "/");
  made.window(made.worker(), 0, {
    cells: [[copy, 9, samples.length, amount]],
    samples,
    latencies: times(10, 50),
  });
  const many = analyse(made.profile());
  const [first] = many.report.hotspots;
  assert.ok(first);
  const tree = siteDetails(many, siteRefOf(first), "callers")?.tree;
  assert.ok(tree && tree.nodes.length <= 300);
  const listed = tree.nodes.slice(1).reduce((sum, [, , value]) => sum + value, 0);
  const whole = tree.nodes[0]?.[2] ?? 0;
  assert.ok(Math.abs(listed + tree.rest - whole) < 1e-6 * whole, `${listed} + ${tree.rest} of ${whole}`);
});
