// Unit tests: hotspots by line, function, file and dependency: sums that are held against the report's own, errors that hold.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Grouping, groupHotspots, sumOf } from "../../src/model/groups.ts";
import { toReport } from "../../src/model/report.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { HOTSPOTS } from "../webview/hotspots.ts";
import { KnownProfile, times } from "./knownProfile.ts";
import { seeded } from "./seeded.ts";

const GROUPED = ["line", "function", "file", "dependency"] as const satisfies readonly Grouping[];
const [first] = HOTSPOTS as readonly [Hotspot];
const site = (change: Partial<Hotspot>): Hotspot => ({
  ...first,
  basis: null,
  category: "copies",
  ...change,
});

test("sums are those of the parts, whatever they are grouped by", () => {
  for (const by of GROUPED) {
    const groups = groupHotspots(HOTSPOTS, by);
    assert.equal(
      groups.reduce((sum, { members }) => sum + members.length, 0),
      HOTSPOTS.length,
      by,
    );
    for (const category of ["copies", "switches", "allocations", "locks"] as const) {
      const sum = (all: readonly Hotspot[], of: (hotspot: Hotspot) => number) =>
        all.reduce((total, each) => total + (each.category === category ? of(each) : 0), 0);
      const sums = groups.map((group) => group.sum);
      for (const of of [
        (each: Hotspot) => each.amount,
        (each: Hotspot) => each.impactMicrosPerRequest ?? 0,
        (each: Hotspot) => each.samples,
        (each: Hotspot) => each.byWorker[2] ?? 0,
      ])
        assert.ok(Math.abs(sum(sums, of) - sum(HOTSPOTS, of)) < 1e-6 * sum(HOTSPOTS, of) + 1e-9, by);
    }
  }
});

test("processor and waiting time, contention and what is none, never meet in a group", () => {
  const at = { file: "/app/a.js", line: 3, function: "f", dependency: null };
  const all = [
    site({ ...at, category: "copies" }),
    site({ ...at, category: "allocations", kind: "objects" }),
    site({ ...at, category: "locks", kind: "wait", basis: "exact" }),
    site({ ...at, category: "locks", kind: "wait", basis: "inferred" }),
    site({ ...at, category: "locks", kind: "wait", basis: "shared work" }),
  ];
  for (const by of GROUPED) {
    const groups = groupHotspots(all, by);
    assert.deepEqual(
      groups.map(({ sum, members }) => [sum.category, members.length]),
      [
        ["copies", 1],
        ["allocations", 1],
        ["locks", 2],
        ["locks", 1],
      ],
      by,
    );
  }
});

test("by line, function, file and dependency", () => {
  const all = [
    site({ file: "/app/a.js", line: 3, function: "f", callee: "Buffer.concat", dependency: null }),
    site({
      file: "/app/a.js",
      line: 3,
      function: "f",
      callee: "JSON.parse",
      kind: "parse",
      dependency: null,
    }),
    site({ file: "/app/a.js", line: 9, function: "f", dependency: "express" }),
    site({ file: "/app/a.js", line: 20, function: "g", dependency: "express" }),
    site({ file: "/app/b.js", line: 3, function: "f", dependency: "pg" }),
  ];
  const groups = (by: (typeof GROUPED)[number]) =>
    groupHotspots(all, by).map(({ name, members, lines }) => [name, members.length, lines]);
  assert.deepEqual(groups("line"), [
    ["f", 2, 1],
    ["f", 1, 1],
    ["g", 1, 1],
    ["f", 1, 1],
  ]);
  assert.deepEqual(groups("function"), [
    ["f", 3, 2],
    ["g", 1, 1],
    ["f", 1, 1],
  ]);
  assert.deepEqual(groups("file"), [
    ["/app/a.js", 4, 3],
    ["/app/b.js", 1, 1],
  ]);
  assert.deepEqual(groups("dependency"), [
    ["", 2, 1],
    ["express", 2, 2],
    ["pg", 1, 1],
  ]);
});

test("a sum with a part that is not known is not known; exact only if all are; inferred if one is", () => {
  const exact = site({ confidence: "exact", relativeError: 0, amount: 100, perRequest: 1 });
  const sampled = site({ confidence: "sampled", relativeError: 0.1, amount: 300, samples: 400 });
  assert.deepEqual([sumOf([exact, exact]).confidence, sumOf([exact, exact]).relativeError], ["exact", 0]);
  const both = sumOf([sampled, exact]);
  assert.equal(both.confidence, "sampled");
  assert.ok(Math.abs((both.relativeError ?? 0) - 30 / 400) < 1e-12, "what is exact adds no error");
  assert.equal(sumOf([sampled, site({ confidence: "inferred" })]).confidence, "inferred");
  assert.equal(sumOf([sampled, site({ impactMicrosPerRequest: null })]).impactMicrosPerRequest, null);
  assert.equal(sumOf([sampled, site({ perRequest: null })]).perRequest, null);
});

test("variances add; sites with too few samples for a ± count with that of their number", () => {
  const one = site({ amount: 100, relativeError: 0.3, samples: 40 });
  const four = sumOf([one, one, one, one]);
  assert.ok(Math.abs((four.relativeError ?? 0) - 0.15) < 1e-12);
  const few = site({ amount: 1, relativeError: null, samples: 1 });
  assert.equal(sumOf([few, few]).relativeError, null);
  const hundred = sumOf(new Array<Hotspot>(100).fill(few));
  assert.ok(Math.abs((hundred.relativeError ?? 0) - 1.96 / 10) < 1e-12);
});

test("routes are weighed by amount, of what is known by request", () => {
  const route = (name: string, share: number) => ({ method: "GET", route: name, share });
  const sum = sumOf([
    site({ amount: 300, routes: [route("/a", 1)] }),
    site({ amount: 100, routes: [route("/a", 0.5), route("/b", 0.5)] }),
    site({ amount: 1_000, routes: [] }),
  ]);
  assert.deepEqual(sum.routes, [route("/a", 350 / 400), route("/b", 50 / 400)]);
});

test("a callee in a package is the package's, wherever the package calls on; a direct call is one's own", () => {
  const made = new KnownProfile();
  const copy = made.operation("copy", "Buffer.concat");
  const stacks = [
    made.stack("node:buffer:1 concat", "raw-body/lib/read.js:9 done", "a.js:3 f"),
    made.stack("node:buffer:1 concat", "a.js:4 g"),
    made.stack("node:buffer:1 concat", "express/lib/router.js:7 next"),
  ];
  made.route("GET", "/");
  made.window(made.worker(), 0, {
    cells: [[copy, 7, 30, 3_000]],
    samples: stacks.map((stack) => [copy, 7, stack, 0, 10, 10, 1_000] as const),
    latencies: times(10, 1_000),
  });
  const { hotspots } = toReport(made.profile());
  assert.deepEqual(
    new Map(groupHotspots(hotspots, "dependency").map(({ name, sum }) => [name, sum.amount])),
    new Map([
      ["raw-body", 1_000],
      ["", 1_000],
      ["express", 1_000],
    ]),
  );
});

test("the interval of a group holds the truth as often as it says", () => {
  const random = seeded(7);
  // 40 lines of 4 files with unequal parts of 100,000 equal copies, 400 of which are sampled.
  const parts = Array.from({ length: 40 }, (_, line) => 1 / (line + 1));
  const whole = parts.reduce((sum, part) => sum + part, 0);
  const runs = 200;
  let [held, shown] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const taken = new Array<number>(parts.length).fill(0);
    for (let sample = 0; sample < 400; sample++) {
      let left = random() * whole;
      const at = parts.findIndex((part) => {
        left -= part;
        return left < 0;
      });
      taken[at] = (taken[at] ?? 0) + 1;
    }
    const made = new KnownProfile();
    const copy = made.operation("copy", "Buffer.concat");
    const lines = parts.map((_, line) => made.stack(`file${line % 4}.js:${line + 1} f${line}`));
    made.route("GET", "/");
    made.window(made.worker(), 0, {
      cells: [[copy, 7, 100_000, 10_000_000]],
      samples: lines.flatMap((stack, line) => {
        const n = taken[line] ?? 0;
        return n === 0 ? [] : [[copy, 7, stack, 0, n, n * 250, n * 25_000] as const];
      }),
      latencies: times(10, 1_000),
    });
    for (const { name, sum } of groupHotspots(toReport(made.profile()).hotspots, "file")) {
      const file = Number(/(\d)\.js$/.exec(name)?.[1]);
      const truth =
        (10_000_000 * parts.reduce((total, part, line) => total + (line % 4 === file ? part : 0), 0)) / whole;
      assert.notEqual(sum.relativeError, null);
      shown++;
      if (Math.abs(sum.amount - truth) <= sum.amount * (sum.relativeError ?? 0)) held++;
    }
  }
  assert.equal(shown, 4 * runs);
  assert.ok(held >= 0.95 * shown, `${held} of ${shown}`);
});
