// Unit tests: two recordings held against each other say what changed between them, and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { busyRate } from "../../src/model/compare/busyRate.ts";
import { changeOf, leastOfSite, siteFigure } from "../../src/model/compare/change.ts";
import { compareProfiles } from "../../src/model/compare/compare.ts";
import { differencesOf } from "../../src/model/compare/differences.ts";
import { toReport } from "../../src/model/report.ts";
import type { Comparison, HotspotChange } from "../../src/protocol/comparison.ts";
import type { Report } from "../../src/protocol/report.ts";
import { knownRun } from "./knownPair.ts";
import { KnownProfile, PRICES, START, times } from "./knownProfile.ts";

const BASE = { copied: 4_000, handOffs: 2 } as const;

const at = ({ hotspots }: Comparison, line: number): HotspotChange =>
  hotspots.find(({ before, after }) => (after ?? before)?.line === line) ?? assert.fail(`no line ${line}`);

test("the same twice is no change", () => {
  const { totals, hotspots, requests, processorMicros, findings, differences, loadDiffers } = compareProfiles(
    knownRun(BASE),
    knownRun(BASE),
  );
  for (const { perRequest, impactMicros } of Object.values(totals)) {
    assert.equal(perRequest.verdict, "unclear");
    assert.ok(impactMicros.difference === null || Math.abs(impactMicros.difference) < 1e-9);
  }
  assert.ok(hotspots.length >= 3);
  assert.ok(hotspots.every(({ verdict }) => verdict === "unclear"));
  assert.deepEqual([requests.meanMicros.verdict, processorMicros.verdict], ["unclear", "unclear"]);
  assert.deepEqual([findings, differences, loadDiffers], [[], [], false]);
});

test("a recording that went on without a request was under no other load", () => {
  const run = (idle: boolean) => {
    const known = new KnownProfile();
    known.route("GET", "/");
    const worker = known.worker();
    for (let at = 0; at < 40; at++)
      known.window(worker, 0, {
        startMicros: START + at * 500_000,
        endMicros: START + (at + 1) * 500_000,
        latencies: idle && at >= 10 ? [] : times(50, 500),
      });
    return known.profile();
  };
  const { loadDiffers, differences, requests } = compareProfiles(run(false), run(true));
  assert.equal(loadDiffers, false);
  assert.deepEqual(differences, []);
  assert.ok((requests.perSecond.after ?? 0) < 0.3 * (requests.perSecond.before ?? 0));
  assert.equal(Math.round(busyRate(run(true))), 100);
});

test("which command ran on each side is said, without the folders of whole paths", () => {
  const report = toReport(knownRun(BASE));
  const ran = (...command: string[]) => ({ ...report, command });
  const said = (before: Report, after: Report) => differencesOf(before, after, [100, 100]);
  assert.deepEqual(said(ran("/opt/node", "/a/server.js"), ran("node", "/b/server.js")), []);
  assert.deepEqual(said(ran("node", "old.js"), ran("node", "new.js")), [
    "Command: node old.js before, node new.js now.",
  ]);
});

test("that one was measured in spells and the other all the time is said", () => {
  const report = toReport(knownRun(BASE));
  const spells = { ...report, measuredShare: 0.25 };
  const said = (before: Report, after: Report) =>
    differencesOf(before, after, [100, 100]).map((words) => words.replace(/\s/g, " "));
  assert.deepEqual(said(report, spells), [
    "Measured: all the time before, in spells (25 % of the time) now.",
  ]);
  assert.deepEqual(said(spells, report), [
    "Measured: in spells (25 % of the time) before, all the time now.",
  ]);
  assert.deepEqual(said(spells, { ...spells, measuredShare: 0.4 }), []);
});

test("what changed is clear, by its amount a request; what did not is left alone", () => {
  const compared = compareProfiles(knownRun(BASE), knownRun({ ...BASE, copied: 6_000 }));
  const { perRequest } = compared.totals.copies;
  assert.equal(perRequest.verdict, "more");
  assert.equal(perRequest.difference, 2_000);
  const line = at(compared, 10);
  assert.deepEqual([line.verdict, line.perRequest.before, line.perRequest.after], ["more", 4_000, 6_000]);
  assert.ok(Math.abs((line.perRequest.ratio ?? 0) - 0.5) < 1e-9);
  assert.equal(at(compared, 5).verdict, "unclear");
  assert.equal(compared.totals.switches.perRequest.verdict, "unclear");
  assert.equal(compared.hotspots[0], line, "regressions first");
});

test("a change within the errors is none", () => {
  // 2 %: exact, and no more than two runs differ by.
  assert.equal(
    compareProfiles(knownRun(BASE), knownRun({ ...BASE, copied: 4_080 })).totals.copies.perRequest.verdict,
    "unclear",
  );
  // A quarter more, but every second one has three times as much as the other.
  const unsteady = { ...BASE, unsteady: 3 };
  const { totals } = compareProfiles(knownRun(unsteady), knownRun({ ...unsteady, copied: 5_000 }));
  assert.equal(totals.copies.perRequest.verdict, "unclear");
  assert.ok((totals.copies.perRequest.error ?? 0) > 1_000, `${totals.copies.perRequest.error}`);
});

test("a line that went is gone where samples would have seen it", () => {
  const both = knownRun({ ...BASE, waits: { 20: 500, 30: 500 } });
  const gone = at(compareProfiles(both, knownRun({ ...BASE, waits: { 30: 500 } })), 20);
  assert.deepEqual([gone.verdict, gone.after, gone.perRequest.after], ["less", null, 0]);
  // One sample of it, and another run might have had none, or four.
  const [spot] = toReport(both).hotspots;
  assert.ok(spot !== undefined);
  const seldom = { ...spot, perRequest: 500, samples: 2, relativeError: null };
  const change = changeOf(siteFigure(seldom, null, 0), siteFigure(null, seldom, 0), leastOfSite("wait"));
  assert.equal(change.verdict, "unclear");
  assert.ok((change.error ?? 0) > 500);
});

test("a line that moved, in another checkout, is the same line", () => {
  const compared = compareProfiles(
    knownRun({ ...BASE, cwd: "/old" }),
    knownRun({ ...BASE, copyLine: 14, cwd: "/new" }),
  );
  const moved = at(compared, 14);
  assert.equal(moved.before?.line, 10);
  assert.equal(moved.before?.file, "/old/src/body.js");
  assert.equal(moved.verdict, "unclear");
});

test("both are priced by the newer calibration", () => {
  const before = knownRun(BASE);
  const dear = { ...PRICES, switchMicros: { median: 300, low: 200, high: 400 } };
  const compared = compareProfiles({ ...before, calibration: dear }, knownRun(BASE));
  assert.equal(compared.pricedBy, "after");
  assert.equal(compared.totals.switches.impactMicros.difference, 0);
  const without = compareProfiles(before, { ...knownRun(BASE), calibration: null });
  assert.equal(without.pricedBy, "before");
  assert.ok((without.totals.copies.impactMicros.after ?? 0) > 0);
});

test("different loads are said first, and explain waits and switches", () => {
  const compared = compareProfiles(
    knownRun({ ...BASE, waits: { 20: 500 } }),
    knownRun({ ...BASE, waits: { 20: 900 }, requestsPerSecond: 1_300 }),
  );
  assert.ok(compared.loadDiffers);
  assert.match(compared.differences[0] ?? "", /^The loads differ: 1,000 req\/s before, 1,300 now\./);
  assert.equal(at(compared, 20).verdict, "unclear");
  assert.equal(compared.totals.locks.impactMicros.verdict, "unclear");
  const fewer = compareProfiles(
    knownRun({ ...BASE, waits: { 20: 500 } }),
    knownRun({ ...BASE, waits: { 20: 100 }, requestsPerSecond: 1_300 }),
  );
  assert.equal(at(fewer, 20).verdict, "less", "less waiting at more load is the code's");
});

test("5 % of load is no difference", () => {
  const { loadDiffers } = compareProfiles(knownRun(BASE), knownRun({ ...BASE, requestsPerSecond: 1_050 }));
  assert.equal(loadDiffers, false);
});

test("D7: a copy that was traded for a hand-off", () => {
  const { findings } = compareProfiles(knownRun(BASE), knownRun({ copied: 400, handOffs: 4 }));
  const [found] = findings;
  assert.deepEqual([found?.claim, found?.title], ["D7", "A copy was traded for a hand-off."]);
  assert.match(
    found?.evidence ?? "",
    /Copies fell from 4\.8 KB to 1\.2 KB a request, hand-offs rose from 2\.0 to 4\.0\./,
  );
  assert.match(found?.advice ?? "", /take the copy back/);
  assert.deepEqual(
    found?.locations.map(({ line }) => line),
    [7],
  );
});

test("D7 is not said where only one of the two changed", () => {
  assert.deepEqual(compareProfiles(knownRun(BASE), knownRun({ ...BASE, copied: 400 })).findings, []);
  assert.deepEqual(compareProfiles(knownRun(BASE), knownRun({ ...BASE, handOffs: 4 })).findings, []);
});

test("L2: a lock was split and waits hardly fell; where they fell nothing is said", () => {
  const one = knownRun({ ...BASE, waits: { 20: 1_000 } });
  const hardly = compareProfiles(one, knownRun({ ...BASE, waits: { 20: 500, 30: 450 } }));
  assert.deepEqual(
    hardly.findings.map(({ claim, title }) => [claim, title]),
    [["L2", "A lock was split, and waits hardly fell."]],
  );
  assert.match(
    hardly.findings[0]?.evidence ?? "",
    /1 waiting line became 2; waiting fell by 50\.0 µs\/req \(5.%\)/,
  );
  assert.deepEqual(compareProfiles(one, knownRun({ ...BASE, waits: { 20: 200, 30: 150 } })).findings, []);
  const dear = compareProfiles(one, knownRun({ ...BASE, waits: { 20: 350, 30: 350 }, processorMicros: 900 }));
  assert.deepEqual(
    dear.findings.map(({ title }) => title),
    ["A lock was split and costs more than it saves."],
  );
});

test("processor and waiting time are never added: neither knows the other's", () => {
  const compared = compareProfiles(knownRun(BASE), knownRun({ ...BASE, waits: { 20: 700 } }));
  assert.equal(compared.processorMicros.difference, 0);
  assert.equal(compared.totals.locks.impactMicros.difference, 700);
  for (const name of ["copies", "switches", "allocations"] as const)
    assert.ok(Math.abs(compared.totals[name].impactMicros.difference ?? 0) < 1e-9);
});

test("too short to tell how much it varies is not clear, and empty ones compare", () => {
  const short = (bytes: number) => {
    const known = new KnownProfile();
    known.worker();
    known.route("GET", "/");
    const copy = known.operation("copy", "Buffer.from");
    known.window(0, 0, { latencies: times(100, 1_000), cells: [[copy, 10, 100, bytes]] });
    return known.profile();
  };
  assert.equal(compareProfiles(short(1_000), short(9_000)).totals.copies.perRequest.verdict, "unclear");
  const nothing = new KnownProfile().profile();
  const empty = compareProfiles(nothing, nothing);
  assert.deepEqual([empty.hotspots, empty.findings, empty.loadDiffers], [[], [], false]);
});
