// Unit tests: what the panel may ask of the host, which span its figures cover, and what the status bar says.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { viewOf } from "../../src/model/compare/view.ts";
import type { PanelState } from "../../src/protocol/panel.ts";
import type { Report } from "../../src/protocol/report.ts";
import { stableBundles } from "../../src/recording/bundles.ts";
import { figuresOf } from "../../src/recording/figures.ts";
import { PANEL_IDLE } from "../../src/recording/idle.ts";
import { Interrupted } from "../../src/recording/interrupted.ts";
import { toLoadRequest } from "../../src/recording/loadRequest.ts";
import { formatClock, scopeOf } from "../../src/recording/scope.ts";
import { toCompareMessage, toKeptPaths } from "../../src/views/panel/compareMessages.ts";
import { toPanelMessage } from "../../src/views/panel/messages.ts";
import { statusText, statusTooltip } from "../../src/views/statusText.ts";
import { knownRun } from "./knownPair.ts";
import { KnownProfile, START, times } from "./knownProfile.ts";

const SITE = {
  category: "locks",
  kind: "wait",
  file: "/a.js",
  line: 3,
  column: 1,
  function: "f",
  callee: "Mutex.acquire",
  basis: "exact",
} as const;

test("the panel's messages pass, everything else is dropped", () => {
  const location = { file: "/a.js", line: 3, column: 1 };
  for (const message of [
    { type: "ready", version: 1 },
    { type: "open", location, toSide: true },
    { type: "action", action: "save" },
    { type: "load", method: "POST", path: "/orders?x=1", connections: 20, seconds: 30 },
    { type: "scope", seconds: 0 },
    { type: "range", range: { fromMs: 40_000, toMs: 70_000 } },
    { type: "range", range: null },
    { type: "details", wanted: { site: SITE, view: "flame" } },
    { type: "details", wanted: null },
    { type: "suppress", site: SITE, suppressed: true },
    { type: "pauseView", paused: true },
    { type: "copy", text: "x" },
  ]) {
    assert.deepEqual(toPanelMessage(message), message);
  }
  for (const odd of [
    null,
    "ready",
    {},
    { type: "run", command: "rm" },
    { type: "action", action: "toString" },
    { type: "open", location: { ...location, line: 0 } },
    { type: "open", location: { ...location, line: "3" } },
    { type: "open" },
    { type: "load", method: "GET", path: "http://elsewhere/", connections: 1, seconds: 1 },
    { type: "load", method: "get", path: "/", connections: 1, seconds: 1 },
    { type: "load", method: "GET", path: "/", connections: 1e9, seconds: 1 },
    { type: "scope", seconds: -1 },
    { type: "scope", seconds: Number.NaN },
    { type: "range" },
    { type: "details", wanted: { site: SITE, view: "toString" } },
    { type: "details" },
    { type: "suppress", site: { ...SITE, kind: "constructor" }, suppressed: true },
    { type: "suppress", site: { ...SITE, file: 3 }, suppressed: true },
    { type: "range", range: { fromMs: 5, toMs: 4 } },
    { type: "range", range: { fromMs: Number.NaN, toMs: 4 } },
    { type: "range", range: { fromMs: 0, toMs: Number.POSITIVE_INFINITY } },
    { type: "pauseView", paused: 1 },
    { type: "copy", text: 3 },
  ]) {
    assert.equal(toPanelMessage(odd), null, JSON.stringify(odd));
  }
});

test("what other extensions ask of the load has the panel's bounds", () => {
  const request = { method: "GET", path: "/", connections: 20, seconds: 30 };
  assert.deepEqual(toLoadRequest({ ...request, more: 1 }), request);
  const odd = { method: "GET /", path: "orders", connections: 1_001, seconds: 3_601 };
  for (const [name, value] of Object.entries(odd))
    assert.equal(toLoadRequest({ ...request, [name]: value }), null, name);
  assert.equal(toLoadRequest({ ...request, connections: Number.NaN }), null);
  assert.equal(toLoadRequest({ ...request, seconds: undefined }), null);
});

test("figures read no file: what a saved recording names may lie on another machine", () => {
  const place = mkdtempSync(join(tmpdir(), "darcy-figures-"));
  try {
    const file = join(place, "server.js");
    const map = { version: 3, sources: ["server.ts"], names: [], mappings: "AAUA" };
    const url = `data:application/json,${encodeURIComponent(JSON.stringify(map))}`;
    writeFileSync(file, `serve();\n//# sourceMappingURL=${url}\n`);
    writeFileSync(join(place, "server.ts"), "\n".repeat(20));
    const known = new KnownProfile();
    const operation = known.operation("wait", "Mutex.acquire");
    const stack = known.stack(`${file}:1 serve`);
    known.route("GET", "/");
    known.window(known.worker(), 0, {
      cells: [[operation, 9, 10, 1_000]],
      samples: [[operation, 9, stack, 0, 10, 10, 1_000]],
      latencies: times(100, 100),
    });
    const profile = known.profile({ cwd: place });
    const [hotspot] = figuresOf(profile, 0).report.hotspots;
    assert.deepEqual([hotspot?.file, hotspot?.line], [file, 1]);
  } finally {
    rmSync(place, { recursive: true });
  }
});

const seconds = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** Idle for 5 s, requests until the 100th, then idle to the `end`-th. */
function sessionUntil(end: number) {
  const known = new KnownProfile();
  const worker = known.worker();
  for (const at of seconds(0, end))
    known.window(worker, at, at >= 5 && at < 100 ? { latencies: times(3, 100) } : {});
  return known.profile();
}
const inSeconds = (profile: ReturnType<typeof sessionUntil>, scope: number) => {
  const { fromMicros, toMicros, label } = scopeOf(profile, scope);
  return [(fromMicros - START) / 1e6, (toMicros - START) / 1e6, label];
};

test("the live scope follows the edge, begins with the first request, and stays with the last", () => {
  assert.deepEqual(inSeconds(sessionUntil(30), 60), [5, 30, "Last 60 s"]);
  assert.deepEqual(inSeconds(sessionUntil(90), 60), [30, 90, "Last 60 s"]);
  assert.deepEqual(inSeconds(sessionUntil(104), 60), [44, 104, "Last 60 s"]);
  assert.deepEqual(inSeconds(sessionUntil(300), 60), [40, 100, "00:40–01:40"]);
  assert.deepEqual(inSeconds(sessionUntil(300), 0), [0, 300, "Whole session"]);
  assert.deepEqual(inSeconds(sessionUntil(3), 60), [0, 3, "Last 60 s"]);
  assert.deepEqual(inSeconds(sessionUntil(0), 60), [0, 0, "Last 60 s"]);
});

/** A minute of load, then 20 s of it in two minutes, up to the `end`-th second; idle from the `idle`-th on. */
function sessionWithRests(end: number, idle = end, workers = 1) {
  const known = new KnownProfile();
  const all = Array.from({ length: workers }, () => known.worker());
  for (const at of seconds(0, end))
    if (at < 60 || (at - 60) % 120 >= 100)
      for (const worker of all) known.window(worker, at, at < idle ? { latencies: times(3, 100) } : {});
  return known.profile();
}

test("the live scope counts back in measured time, over rests, and says so", () => {
  assert.deepEqual(inSeconds(sessionWithRests(60), 60), [0, 60, "Last 60 s"]);
  assert.deepEqual(inSeconds(sessionWithRests(161), 60), [1, 161, "Last 60 s measured"]);
  assert.deepEqual(inSeconds(sessionWithRests(180), 60), [20, 180, "Last 60 s measured"]);
  assert.deepEqual(inSeconds(sessionWithRests(300), 60), [40, 300, "Last 60 s measured"]);
  assert.deepEqual(inSeconds(sessionWithRests(420), 60), [160, 420, "Last 60 s measured"]);
  assert.deepEqual(inSeconds(sessionWithRests(425), 60), [160, 420, "Last 60 s measured"]);
  assert.deepEqual(inSeconds(sessionWithRests(3_660, 3_660, 4), 60), [3_400, 3_660, "Last 60 s measured"]);
  assert.equal(figuresOf(sessionWithRests(425), 60).report.requests.total, 180);
  const rests = [{ fromMicros: START + 60e6, toMicros: START + 130e6 }];
  const resting = { ...sessionWithRests(60), rests, endedMicros: START + 130e6 };
  assert.deepEqual(inSeconds(resting, 60), [0, 60, "Last 60 s measured"]);
});

test("where nothing comes and nobody rests the live scope speaks of no rest", () => {
  const blocked = { ...sessionWithRests(60), rests: [], endedMicros: START + 66.5e6 };
  assert.deepEqual(inSeconds(blocked, 60), [0, 60, "Last 60 s"]);
  const workers = blocked.workers.map((worker) => ({ ...worker, endedMicros: START + 60.2e6 }));
  assert.deepEqual(inSeconds({ ...blocked, workers }, 60), [0, 60, "00:00–01:00"]);
  assert.deepEqual(inSeconds({ ...blocked, workers, endedMicros: START + 63e6 }, 60), [0, 60, "Last 60 s"]);
  const earlier = { ...blocked, rests: [{ fromMicros: START - 30e6, toMicros: START - 10e6 }] };
  assert.deepEqual(inSeconds(earlier, 60), [0, 60, "Last 60 s"]);
});

test("a rest within less than so many seconds is said, too", () => {
  const profile = sessionWithRests(30);
  const rests = [{ fromMicros: START + 10e6, toMicros: START + 12e6 }];
  assert.deepEqual(inSeconds({ ...profile, rests }, 60), [0, 30, "Last 60 s measured"]);
});

test("a rest is no time without requests; a server gone quiet in a spell is quiet", () => {
  const known = sessionWithRests(164, 60);
  assert.deepEqual(inSeconds(known, 60), [4, 164, "Last 60 s measured"]);
  assert.deepEqual(inSeconds(sessionWithRests(180, 60), 60), [0, 60, "00:00–01:00"]);
});

test("what glances tell after a rest joins the last of the spell before it", () => {
  const profile = sessionWithRests(60);
  const [window] = profile.windows;
  assert.ok(window !== undefined);
  const glance = { ...window, startMicros: START + 150e6, endMicros: START + 150_250_000 };
  const { fromMicros, toMicros, label } = scopeOf({ ...profile, endedMicros: START + 150.3e6 }, 60, [glance]);
  assert.deepEqual(
    [(fromMicros - START) / 1e6, (toMicros - START) / 1e6, label],
    [0.25, 150.25, "Last 60 s measured"],
  );
});

test("a brushed span's figures are of its windows alone, and it reads as a clock does", () => {
  const known = new KnownProfile();
  const operation = known.operation("wait", "Mutex.acquire");
  const [early, late] = [known.stack("a.js:1 first"), known.stack("a.js:9 second")];
  const worker = known.worker();
  for (const at of seconds(0, 100)) {
    const stack = at < 40 ? early : late;
    known.window(worker, at, {
      cells: [[operation, 9, 10, 1_000]],
      samples: [[operation, 9, stack, 0, 10, 10, 1_000]],
      latencies: times(at < 40 ? 10 : 30, 100),
    });
  }
  const profile = known.profile();
  const { report, scope } = figuresOf(profile, 0, { fromMs: 40_000, toMs: 70_000 });
  assert.deepEqual(scope, { fromMs: 40_000, toMs: 70_000, label: "00:40–01:10" });
  assert.deepEqual([report.requests.total, report.requests.perSecond], [900, 30]);
  assert.deepEqual(
    report.hotspots.map(({ line }) => line),
    [9],
  );
  const empty = figuresOf(profile, 60, { fromMs: 200_000, toMs: 210_000 }).report;
  assert.deepEqual([empty.requests.total, empty.hotspots.length], [0, 0]);
  const warm = known.profile({ measureFromMicros: START + 50e6 });
  assert.equal(figuresOf(warm, 0, { fromMs: 40_000, toMs: 70_000 }).report.requests.total, 600);
});

test("the time line of an hour has a step a second at the most, and a clock past it hours", () => {
  assert.equal(figuresOf(sessionUntil(1_000), 60).series.stepMs, 500);
  assert.equal(figuresOf(sessionUntil(3_600), 60).series.stepMs, 1_000);
  assert.equal(figuresOf(sessionUntil(3_700), 60).series.stepMs, 2_000);
  assert.equal(formatClock(168), "02:48");
  assert.equal(formatClock(3_768), "1:02:48");
});

test("the status bar never adds waiting to processor time", () => {
  const totals = (impacts: (number | null)[]) => {
    const [copies, switches, allocations, locks] = impacts.map((impactMicrosPerRequest) => ({
      impactMicrosPerRequest,
    }));
    return { copies, switches, allocations, locks };
  };
  const text = (...impacts: (number | null)[]) => {
    const report = { requests: { perSecond: 2304 }, totals: totals(impacts) } as unknown as Report;
    return statusText({ ...PANEL_IDLE, phase: "recording", report } satisfies PanelState);
  };
  assert.equal(text(171, 118, 246, 388), "$(record) Darcy 2,304 req/s, 535 µs/req processor, 388 waiting");
  assert.equal(text(171, null, null, null), "$(record) Darcy 2,304 req/s, 171 µs/req processor");
  assert.equal(text(null, null, null, 388), "$(record) Darcy 2,304 req/s, 388 µs/req waiting");
  assert.equal(text(null, null, null, null), "$(record) Darcy 2,304 req/s");
});

test("the status bar says of what was measured in spells that it was", () => {
  const tip = (measuredShare: number) => {
    const none = { impactMicrosPerRequest: null };
    const totals = { copies: none, switches: none, allocations: none, locks: none };
    const report = { requests: { perSecond: 2304 }, totals, measuredShare } as unknown as Report;
    return statusTooltip({ ...PANEL_IDLE, phase: "recording", report } satisfies PanelState);
  };
  assert.match(tip(0.25), /Measured in spells, 25\s% of the time/);
  assert.doesNotMatch(tip(1), /spells/);
});

test("a recording that the window's end cut off is told of once, and not one that was stopped", () => {
  const kept = new Map<string, unknown>();
  const memory = {
    get: <T>(key: string) => kept.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  } as unknown as ConstructorParameters<typeof Interrupted>[0];
  const first = new Interrupted(memory);
  assert.equal(first.state, PANEL_IDLE);
  first.follow("shop");
  first.leave();
  first.follow(undefined);
  const second = new Interrupted(memory);
  assert.match(second.state.error?.message ?? "", /^shop was being recorded when this window closed/);
  assert.equal(second.server, null);
  second.follow("shop");
  second.follow("shop", false, 4_712);
  // An extension host that crashes does not take its leave.
  const third = new Interrupted(memory);
  assert.deepEqual([third.title, third.server], ["shop", 4_712]);
  third.follow("elsewhere", true, null);
  const fourth = new Interrupted(memory);
  assert.deepEqual([fourth.title, fourth.server], ["elsewhere", null]);
  assert.match(fourth.state.error?.message ?? "", /The server goes on without Darcy/);
  second.follow("shop");
  second.follow(undefined);
  second.leave();
  assert.equal(new Interrupted(memory).title, null);
});

test("bundles are kept by content: the same twice, another beside it, those unused for a month go", async () => {
  const place = mkdtempSync(join(tmpdir(), "darcy-bundles-"));
  try {
    const dist = join(place, "dist");
    const storage = join(place, "storage");
    mkdirSync(dist);
    for (const name of ["preload.js", "calibrate.js", "extension.js"]) writeFileSync(join(dist, name), name);
    const [first, second] = await Promise.all([stableBundles(dist, storage), stableBundles(dist, storage)]);
    assert.equal(first, second);
    assert.deepEqual(readdirSync(first).sort(), ["calibrate.js", "preload.js"]);
    utimesSync(first, 1, 1);
    writeFileSync(join(dist, "preload.js"), "changed");
    const other = await stableBundles(dist, storage);
    assert.notEqual(other, first);
    assert.deepEqual(readdirSync(storage), [other.slice(storage.length + 1)]);
  } finally {
    rmSync(place, { recursive: true });
  }
});

test("the comparison's messages pass, everything else is dropped; kept paths are checked", () => {
  const location = { file: "/a.js", line: 3, column: 1 };
  for (const message of [
    { type: "ready", version: 1 },
    { type: "open", location, toSide: false },
    { type: "copy", text: "x" },
    { type: "choose", before: "/a.darcy", after: "/b.darcy" },
    { type: "markdown" },
  ])
    assert.deepEqual(toCompareMessage(message), message);
  for (const message of [
    null,
    "markdown",
    { type: "choose", before: "/a.darcy" },
    { type: "choose", before: 1, after: "/b" },
    { type: "choose", before: "x".repeat(40_000), after: "/b" },
    { type: "action", action: "profile" },
    { type: "load", method: "GET", path: "/", connections: 1, seconds: 1 },
  ])
    assert.equal(toCompareMessage(message), null);
  assert.deepEqual(toKeptPaths({ before: "/a", after: "/b", text: "" }), { before: "/a", after: "/b" });
  for (const kept of [null, {}, { before: "/a" }, { before: "", after: "/b" }, { before: {}, after: "/b" }])
    assert.equal(toKeptPaths(kept), null);
});

test("the comparison's view is bounded: the heaviest of each group, without stacks, its clock from the warm-up's end", () => {
  const before = knownRun({ copied: 4_000, handOffs: 2 });
  const { comparison, series, omitted } = viewOf(before, {
    ...knownRun({ copied: 8_000, handOffs: 2 }),
    measureFromMicros: before.startedMicros + 2e6,
  });
  assert.ok(comparison !== null && series !== null);
  assert.equal(omitted, 0);
  for (const { before: old, after } of comparison.hotspots)
    for (const spot of [old, after]) assert.deepEqual(spot?.stack ?? [], []);
  assert.equal(series.before.stepMs, series.after.stepMs);
  assert.equal(series.after.atMs[0], 0);
  const spans = [series.before, series.after].map(({ atMs, stepMs }) => atMs.length * stepMs);
  assert.equal((spans[0] ?? 0) - (spans[1] ?? 0), 2_000);
  assert.equal(series.after.requestsPerSecond.length, series.after.impact.locks.length);
});
