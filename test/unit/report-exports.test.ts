// Unit tests: exports hold what the report says, in the formats that other tools define.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import Ajv from "ajv";
import { Profile as Pprof } from "pprof-format";
import { toReport } from "../../src/model/report.ts";
import { exportProfile } from "../../src/report/exports/formats.ts";
import { knownRun } from "./knownPair.ts";
import { KnownProfile, times } from "./knownProfile.ts";

function profile() {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  const concat = known.operation("concat", "Buffer.concat");
  const heap = known.operation("objects", "");
  const wait = known.operation("wait", "Mutex.acquire");
  const trip = known.operation("round trip", "fs.readFile");
  const shared = known.operation("wait", "cache", "shared work");
  const body = known.stack("body.ts:3 readBody", "server.ts:9 handle");
  const other = known.stack("body.ts:3 readBody", "server.ts:12 other");
  const waiter = known.stack("lib/;Mutex.js:24 Mutex;acquire", "server.ts:9 handle");
  known.window(0, 0, {
    latencies: times(100, 1_000),
    cells: [
      [concat, 10, 400, 64_000],
      [heap, 10, 1, 1_000_000],
      [wait, 9, 100, 38_800],
      [trip, 2, 100, 200],
      [shared, 9, 100, 5_000],
    ],
    samples: [
      [concat, 10, body, 0, 30, 300, 48_000],
      [concat, 10, other, 0, 10, 100, 16_000],
      [heap, 10, body, 0, 40, 100, 1_000_000],
      [wait, 9, waiter, 0, 40, 100, 38_800],
      [shared, 9, waiter, 0, 40, 100, 5_000],
    ],
  });
  return known.profile();
}

const report = toReport(profile());
const near = (actual: number, expected: number | null) =>
  assert.ok(
    expected !== null && Math.abs(actual - expected) <= Math.max(2, 1e-6 * expected),
    `${actual}, ${expected}`,
  );

test("pprof: sums are the report's totals, functions stand at their lines", () => {
  const pprof = Pprof.decode(gunzipSync(exportProfile(profile(), "pprof", "known")));
  const { strings } = pprof.stringTable;
  const types = pprof.sampleType.map(({ type, unit }) => `${strings[Number(type)]}/${strings[Number(unit)]}`);
  assert.deepEqual(types, [
    "copies/bytes",
    "copies_time/microseconds",
    "handoffs/count",
    "handoffs_time/microseconds",
    "allocations/bytes",
    "allocations_time/microseconds",
    "lock_wait_time/microseconds",
  ]);
  const sum = (at: number) => pprof.sample.reduce((total, { value }) => total + Number(value[at]), 0);
  near(sum(0), report.totals.copies.amount);
  near(sum(1), (report.totals.copies.impactMicrosPerRequest ?? 0) * 100);
  near(sum(2), report.totals.switches.count);
  near(sum(4), report.totals.allocations.amount);
  near(sum(6), report.totals.locks.amount);
  // Ids are whole, and every one is there.
  const locations = new Map(pprof.location.map((location) => [Number(location.id), location]));
  const functions = new Map(pprof.function.map((each) => [Number(each.id), each]));
  const words = pprof.sample.map(({ locationId }) =>
    locationId.map((id) => {
      const line = locations.get(Number(id))?.line[0];
      const named = functions.get(Number(line?.functionId));
      assert.ok(line !== undefined && named !== undefined);
      return `${strings[Number(named.name)]}:${line.line}`;
    }),
  );
  assert.deepEqual(
    words.find((stack) => stack.includes("other:12")),
    ["Buffer.concat:0", "readBody:3", "other:12"],
  );
  assert.equal(strings[0], "");
  assert.ok(strings.some((text) => text.includes("100 requests")));
});

test("speedscope: valid by its own schema; weights are the report's totals", () => {
  const text = Buffer.from(exportProfile(profile(), "speedscope", "known")).toString();
  const schemaFile = createRequire(import.meta.url).resolve(
    "speedscope/dist/release/file-format-schema.json",
  );
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schemaFile, "utf8")) as object);
  const value = JSON.parse(text) as {
    shared: { frames: { name: string }[] };
    profiles: { name: string; unit: string; endValue: number; samples: number[][]; weights: number[] }[];
  };
  assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 3)));
  assert.deepEqual(
    value.profiles.map(({ name, unit }) => [name, unit]),
    [
      ["Copies: known", "bytes"],
      ["Hand-offs: known", "none"],
      ["Allocation: known", "bytes"],
      ["Lock waits: known", "microseconds"],
    ],
  );
  const [copies] = value.profiles;
  near(copies?.endValue ?? 0, report.totals.copies.amount);
  near(
    (copies?.weights ?? []).reduce((a, b) => a + b, 0),
    copies?.endValue ?? null,
  );
  const names =
    copies?.samples.map((stack) => stack.map((at) => value.shared.frames[at]?.name).join(" > ")) ?? [];
  assert.deepEqual(names.sort(), ["handle > readBody > Buffer.concat", "other > readBody > Buffer.concat"]);
});

test("heapprofile: V8's tree, lines from 0, its bytes the report's allocation", () => {
  interface Node {
    selfSize: number;
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children: Node[];
  }
  const { head, samples } = JSON.parse(
    Buffer.from(exportProfile(profile(), "heapprofile", "known")).toString(),
  ) as { head: Node; samples: { size: number; nodeId: number }[] };
  const all = (node: Node): Node[] => [node, ...node.children.flatMap(all)];
  const nodes = all(head);
  near(
    nodes.reduce((sum, { selfSize }) => sum + selfSize, 0),
    report.totals.allocations.amount,
  );
  near(
    samples.reduce((sum, { size }) => sum + size, 0),
    report.totals.allocations.amount,
  );
  assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
  const body = nodes.find(({ callFrame }) => callFrame.functionName === "readBody");
  assert.equal(body?.callFrame.lineNumber, 2);
  assert.match(body?.callFrame.url ?? "", /body\.ts$/);
});

test("collapsed: the two kinds of time under roots of their own, no frame breaks a line", () => {
  const text = Buffer.from(exportProfile(profile(), "collapsed", "known")).toString();
  const lines = text.trimEnd().split("\n");
  assert.ok(
    lines.every((line) => /^(?:processor|waiting) time;.+ \d+$/.test(line)),
    text,
  );
  const waiting = lines.filter((line) => line.startsWith("waiting time;"));
  assert.equal(waiting.length, 1);
  assert.match(
    waiting[0] ?? "",
    /^waiting time;Lock waits;handle \(server\.ts:9\);Mutex_acquire \(_Mutex\.js:24\);Mutex\.acquire 38800$/,
  );
});

test("an empty recording exports as an empty one", () => {
  const nothing = new KnownProfile().profile();
  for (const format of ["pprof", "speedscope", "heapprofile", "collapsed"] as const)
    assert.ok(exportProfile(nothing, format, "empty").length >= 0);
  assert.ok(exportProfile(knownRun({ copied: 1, handOffs: 0 }), "pprof", "x").length > 0);
});
