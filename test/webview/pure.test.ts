// What the panel decides without a page: ranking, filters, folding, trends, columns, what it keeps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hotspotKey } from "../../src/model/formatOrder.ts";
import type { Series } from "../../src/protocol/panel.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { clock, fineShare, impact, split } from "../../webview/figures.ts";
import { followedInPart } from "../../webview/followed.ts";
import { ofWorker, workersOf } from "../../webview/hotspots/byWorker.ts";
import { Heights } from "../../webview/hotspots/heights.ts";
import { markdownOf } from "../../webview/hotspots/markdown.ts";
import {
  barScale,
  type Filter,
  itemsOf,
  layOut,
  leftOut,
  matches,
  matching,
  type Ranking,
  rank,
  sumsOf,
} from "../../webview/hotspots/ranking.ts";
import { leftOutText, routesOf } from "../../webview/hotspots/routes.ts";
import { comesByItself, firstModel, onlyNewer, reduce } from "../../webview/state.ts";
import { columnsOf, edgesOf, endOf, tickFor, topOf } from "../../webview/timeLine/columns.ts";
import { spansAbove } from "../../webview/timeLine/torn.ts";
import { trendOf } from "../../webview/trend.ts";
import { HOTSPOTS } from "./hotspots.ts";
import { HOSTILE } from "./oddStates.ts";
import { REPORT } from "./report.ts";
import { RECORDING, series } from "./states.ts";

const ALL = { segment: "all", category: null, route: null, text: "" } as const;
const listed = (hotspots: readonly Hotspot[], filter: Filter, held: Ranking | null) =>
  layOut(itemsOf(matching(rank(hotspots), filter), "site"), filter.text !== "", held);
const first = (category: Hotspot["category"]) =>
  HOTSPOTS.find((each) => each.category === category) as Hotspot;

test("rows that read alike do not change places when their figures do behind what is shown", () => {
  const site = (line: number, micros: number) => ({
    ...first("copies"),
    line,
    impactMicrosPerRequest: micros,
  });
  const order = (...micros: [number, number]) =>
    [...rank([site(1, micros[0]), site(2, micros[1])]).values()].map(({ line }) => line);
  assert.deepEqual(order(60.1, 60.4), order(60.4, 60.1));
  assert.notDeepEqual(order(60.1, 71), order(71, 60.1));
});

test("one list over both kinds of time, by impact, those without a figure last", () => {
  const unknown = { ...first("copies"), line: 999, impactMicrosPerRequest: null };
  const ranked = [...rank([unknown, ...HOTSPOTS]).values()];
  const impacts = ranked.map((each) => each.impactMicrosPerRequest);
  assert.deepEqual(impacts.slice(0, 5), [268, 84, 68, 61, 52]);
  assert.equal(ranked.at(-1), unknown);
});

test("two hotspots of the same key both stay", () => {
  const twin = first("copies");
  assert.equal(rank([twin, twin]).size, 2);
});

test("processor and waiting time are never added up", () => {
  const locks = first("locks");
  const copies = first("copies");
  const sums = (...hotspots: Hotspot[]) => {
    const { sites, processor, waiting } = sumsOf(hotspots);
    return [sites, processor?.micros, waiting?.micros];
  };
  assert.deepEqual(sums(locks, copies, copies), [3, 136, 268]);
  assert.deepEqual(sums(copies), [1, 68, undefined]);
  assert.deepEqual(sums(locks), [1, undefined, 268]);
  const unpriced = { ...copies, impactMicrosPerRequest: null };
  assert.deepEqual(sums(locks, unpriced), [2, null, 268], "what has no price is unknown, not 0");
  assert.deepEqual(sums(copies, unpriced), [2, 68, undefined]);
});

test("waits longer than four times the longest processor row are cut", () => {
  const wait = (micros: number) => ({ ...first("locks"), impactMicrosPerRequest: micros });
  const cpu = { ...first("copies"), impactMicrosPerRequest: 50 };
  assert.equal(barScale([wait(200), cpu]), 200);
  assert.equal(barScale([wait(201), cpu]), 200);
  assert.equal(barScale([wait(9000)]), 9000);
  assert.equal(barScale([]), 0);
});

test("filters: segment, category, and every word of the text", () => {
  assert.ok(matches(first("locks"), { ...ALL, segment: "waiting" }));
  assert.ok(!matches(first("copies"), { ...ALL, segment: "waiting" }));
  assert.ok(!matches(first("locks"), { ...ALL, segment: "processor" }));
  assert.ok(matches(first("copies"), { ...ALL, category: "copies" }));
  assert.ok(!matches(first("copies"), { ...ALL, category: "locks" }));
  assert.ok(matches(first("copies"), { ...ALL, text: "PLACE.ts:30 stringify" }));
  assert.ok(!matches(first("copies"), { ...ALL, text: "place.ts:30 gzip" }));
});

test("by route: sites of its requests stand, of unknown routes are counted, the routes go by their requests", () => {
  const rates = "GET /rates/:currency";
  assert.deepEqual(routesOf(REPORT), ["POST /orders", rates]);
  const gone = { method: "", route: "(other)", share: 1 };
  const odd = { ...first("copies"), routes: [gone] };
  assert.deepEqual(routesOf({ ...REPORT, hotspots: [odd] }), ["(other)"]);
  const ranked = rank(HOTSPOTS);
  const { shown, folded } = listed(HOTSPOTS, { ...ALL, route: rates }, null);
  const callees = shown.map((key) => ranked.get(key)?.callee);
  assert.deepEqual([callees, folded], [["Pool.connect", "zlib.gzip", "Promise"], []]);
  const unknown = HOTSPOTS.filter(({ routes }) => routes.length === 0);
  assert.equal(leftOut(HOTSPOTS, { ...ALL, route: rates }), unknown.length);
  const copies = unknown.filter(({ category }) => category === "copies");
  assert.equal(leftOut(HOTSPOTS, { ...ALL, route: rates, category: "copies" }), copies.length);
  assert.equal(leftOut(HOTSPOTS, ALL), 0);
  assert.deepEqual([leftOutText(0), leftOutText(1)], ["", "1 site is left out: its routes are not known."]);
});

test("sites under 2 % of their category are folded, but not while one searches by text", () => {
  const { shown, folded } = listed(HOTSPOTS, ALL, null);
  assert.equal(shown.length, 10);
  assert.equal(folded.length, 22);
  assert.equal(listed(HOTSPOTS, { ...ALL, text: "renderPart" }, null).folded.length, 0);
});

test("a held ranking keeps its order; new sites join at the end, gone ones leave", () => {
  const [a, b, c] = HOTSPOTS.slice(0, 3) as [Hotspot, Hotspot, Hotspot];
  const held = listed([a, b], ALL, null);
  const risen = { ...b, impactMicrosPerRequest: 9999 };
  assert.deepEqual(listed([a, risen, c], ALL, held).shown, [hotspotKey(a), hotspotKey(b), hotspotKey(c)]);
  assert.deepEqual(listed([risen, c], ALL, held).shown, [hotspotKey(b), hotspotKey(c)]);
  assert.deepEqual(listed([a, risen], ALL, null).shown, [hotspotKey(b), hotspotKey(a)]);
  const sunk = { ...a, share: 0.001 };
  assert.deepEqual(listed([sunk, b], ALL, held), held, "a row does not jump into the fold under the pointer");
});

test("trend: steady within error, a change beyond it, nothing without a span before", () => {
  const steps = (value: (step: number) => number): Series => ({
    stepMs: 1000,
    atMs: Array.from({ length: 40 }, (_, step) => step * 1000),
    requestsPerSecond: Array.from({ length: 40 }, () => 100),
    impact: {
      copies: Array.from({ length: 40 }, (_, step) => value(step)),
      switches: [],
      allocations: [],
      locks: [],
    },
    marks: [],
  });
  const noise = (step: number) => (step % 2 === 0 ? 5 : -5);
  const level = trendOf(
    steps((step) => 100 + noise(step)),
    "copies",
    20_000,
    40_000,
  );
  assert.equal(level?.steady, true);
  const rise = trendOf(
    steps((step) => (step < 20 ? 100 : 130) + noise(step)),
    "copies",
    20_000,
    40_000,
  );
  assert.equal(rise?.steady, false);
  assert.ok(Math.abs((rise?.change ?? 0) - 0.3) < 0.01);
  assert.equal(
    trendOf(
      steps(() => 100),
      "copies",
      0,
      40_000,
    ),
    null,
  );
  assert.equal(
    trendOf(
      steps(() => 100),
      "locks",
      20_000,
      40_000,
    ),
    null,
  );
});

test("columns: weighed by requests, bounded, and a full column never changes", () => {
  const long = series(1000);
  const before = columnsOf(series(900), 400);
  const after = columnsOf(long, 400);
  assert.ok(after.atMs.length <= 400);
  assert.deepEqual(after.impact.copies.slice(0, 200), before.impact.copies.slice(0, 200));
  const two: Series = {
    ...long,
    atMs: [0, 1000],
    requestsPerSecond: [10, 30],
    impact: { ...long.impact, copies: [100, 200], locks: [null, 8] },
  };
  const one = columnsOf(two, 1);
  assert.equal(one.impact.copies[0], 175);
  assert.equal(one.impact.locks[0], 8);
});

test("time line: the stack holds processor time only; what is hidden or unknown has no thickness", () => {
  const columns = {
    atMs: [0, 1],
    requestsPerSecond: [5, 5],
    impact: { copies: [10, null], switches: [null, null], allocations: [30, null], locks: [500, 500] },
  };
  const { of, highest } = edgesOf(columns, []);
  assert.deepEqual(
    [of.copies, of.switches, of.allocations],
    [
      [10, null],
      [10, null],
      [40, null],
    ],
  );
  assert.deepEqual(highest, [40, 500, 5]);
  assert.deepEqual(edgesOf(columns, ["copies"]).of.allocations, [30, null]);
});

test("the clock ends with a recording that is over, and leaves one that runs room to grow", () => {
  const short = { ...RECORDING, series: series(7), elapsedMs: 7_400 };
  assert.equal(endOf(short), 10_000);
  assert.equal(endOf({ ...short, phase: "readOnly" }), 7_000);
  assert.equal(endOf({ ...short, phase: "stopped" }), 7_000);
  assert.equal(endOf({ ...short, phase: "readOnly", series: series(0) }), 10_000);
  assert.equal(endOf({ ...RECORDING, elapsedMs: 170_500 }), 170_500);
});

test("ticks are round and not above the highest value", () => {
  assert.deepEqual([0, 0.7, 1, 9.9, 640, 2316].map(tickFor), [1, 0.6, 1, 8, 600, 2000]);
});

test("figures: whole impact from 10 on, fine shares, figure and unit apart", () => {
  assert.deepEqual(
    [impact(268.4), impact(84.4), impact(9.44), impact(0.42), impact(null)],
    ["268", "84", "9.4", "0.4", "–"],
  );
  assert.equal(fineShare(0.018), "1.8\u2009%");
  assert.equal(fineShare(0.4), "40\u2009%");
  assert.deepEqual(split("61.4 KB"), { figure: "61.4", unit: " KB" });
  assert.deepEqual(split("69\u2009%"), { figure: "69", unit: "\u2009%" });
  assert.deepEqual(split("–"), { figure: "–", unit: "" });
  assert.deepEqual([clock(168_000), clock(3_661_000)], ["02:48", "1:01:01"]);
});

test("Markdown keeps what looks like markup inside code spans", () => {
  const keys = [{ key: `k\`${HOSTILE}`, share: 1 }];
  const spot = { ...first("locks"), function: `a\`b ${HOSTILE}`, callee: "x`y", keys };
  const text = markdownOf(spot, REPORT, "last 60 s");
  assert.match(text, /268 µs\/req waiting/);
  assert.match(text, /Held by `placeOrder` `place\.ts:20`/);
  assert.match(text, /Key `` k`/);
  assert.match(text, /Waits seen as exact/);
  const outside = text.replace(/(`+)[^`]([\s\S]*?[^`])?\1(?!`)/g, "");
  assert.ok(!outside.includes("<img"), outside);
});

test("the reducer: a paused view holds, unless the recording itself ends", () => {
  let model = reduce(firstModel(null), { type: "state", state: RECORDING });
  model = reduce(model, { type: "pause", paused: true });
  const later = { ...RECORDING, elapsedMs: 200_000 };
  model = reduce(model, { type: "state", state: later });
  assert.equal(model.panel, RECORDING);
  assert.equal(model.latest, later);
  assert.equal(reduce(model, { type: "pause", paused: false }).panel, later);
  const ended = { ...later, phase: "stopped" } as const;
  model = reduce(model, { type: "state", state: ended });
  assert.equal(model.panel, ended);
  assert.equal(model.paused, false);
});

test("the reducer: a category and a segment that contradict each other do not stand together", () => {
  let model = reduce(firstModel(null), { type: "segment", segment: "waiting" });
  model = reduce(model, { type: "category", category: "copies" });
  assert.deepEqual([model.ui.segment, model.ui.category], ["all", "copies"]);
  model = reduce(model, { type: "segment", segment: "waiting" });
  assert.deepEqual([model.ui.segment, model.ui.category], ["waiting", null]);
  model = reduce(reduce(model, { type: "category", category: "locks" }), {
    type: "category",
    category: "locks",
  });
  assert.equal(model.ui.category, null);
});

test("what VS Code kept is checked field by field", () => {
  const { ui } = firstModel({
    segment: "bogus",
    category: 7,
    route: 9,
    text: ["x"],
    open: "k",
    hiddenSeries: ["locks", "x"],
    load: { path: "/a", connections: -1 },
  });
  assert.deepEqual(
    [ui.segment, ui.category, ui.route, ui.text, ui.open, ui.hiddenSeries],
    ["all", null, null, "", "k", ["locks"]],
  );
  assert.deepEqual([ui.load.path, ui.load.connections, ui.load.method], ["/a", 20, "GET"]);
  for (const kept of [null, 3, "x", []]) assert.equal(firstModel(kept).ui.segment, "all");
});

test("a lane's scale holds all values, but for a peak that stands alone", () => {
  const top = (...values: (number | null)[]) =>
    topOf(
      [...values.keys()].map((at) => at * 1_000),
      values,
    );
  const steady = new Array<number>(20).fill(500);
  assert.equal(top(null, 5, 7, 9, 8), 9);
  assert.equal(top(), 0);
  assert.equal(top(null, 90_000, 80_000, ...steady), 750, "start-up work has no say");
  assert.equal(top(90_000, 600, ...steady), 750);
  assert.equal(top(...steady, ...steady, 90_000, ...steady), 750, "nor has a lone spike");
  assert.equal(top(...steady, 900, 900, ...steady), 900, "what lasts is seen whole");
  assert.equal(top(90_000, 80_000, 500, 500), 90_000, "it is too early to tell what is usual");
});

test("a lane is torn where its line runs out of it", () => {
  const at = [0, 10, 20, 30, 40, 50];
  assert.deepEqual(spansAbove(at, [30, 10, 10, 10, 10, 10], 20), [{ fromMs: 0, toMs: 5 }]);
  assert.deepEqual(spansAbove(at, [10, 30, 30, null, 30, 10], 20), [
    { fromMs: 5, toMs: 20 },
    { fromMs: 40, toMs: 45 },
  ]);
  assert.deepEqual(spansAbove(at, [10, 10, 10, 10, 10, 30], 20), [{ fromMs: 45, toMs: 50 }]);
  assert.deepEqual(spansAbove(at, [20, 20, null, 20, 20, 20], 20), []);
});

test("a worker's part of a site is a request of that worker, and all parts add up to the site", () => {
  const names = workersOf(REPORT);
  assert.deepEqual(names, ["worker 0", "worker 1", "worker 2", "worker 3"]);
  const pool = HOTSPOTS.filter(({ kind }) => kind === "pool wait");
  const parts = names.map((name) => ofWorker(pool, REPORT, name)[0]);
  const amount = parts.reduce((sum, part) => sum + (part?.amount ?? 0), 0);
  assert.ok(Math.abs(amount / (pool[0]?.amount ?? 0) - 1) < 1e-9);
  // 90 of 108 are worker 2's, who served 32,880 of 138,240 requests.
  const expected = (52 * (90 / 108) * 138_240) / 32_880;
  assert.ok(Math.abs((parts[2]?.impactMicrosPerRequest ?? 0) / expected - 1) < 1e-9);
  assert.equal(parts[2]?.share, 1);
  const error = parts[0]?.relativeError ?? 0;
  assert.ok(Math.abs(error - 0.05 / Math.sqrt(4 / 108)) < 1e-9);
  assert.deepEqual(ofWorker(pool, REPORT, "worker 9"), []);
});

test("where each of many rows stands, some of them higher than the others", () => {
  const odd = [
    [3, 300],
    [7, 5],
  ] as const;
  for (const heights of [new Heights(10, 20), new Heights(10, 20, odd)]) {
    for (let row = 0; row < heights.count; row++) {
      const [top, below] = [heights.topOf(row), heights.topOf(row + 1)];
      assert.equal(heights.heightOf(row), below - top);
      assert.deepEqual([heights.at(top), heights.at(below - 0.5)], [row, row]);
    }
    assert.deepEqual([heights.at(-50), heights.at(heights.total + 50)], [0, 9]);
  }
  assert.equal(new Heights(10, 20, odd).total, 8 * 20 + 300 + 5);
  assert.equal(new Heights(0, 20).total, 0);
});

test("that requests are followed in part is said before Node 24 alone, for as long as it holds", () => {
  const { requests } = REPORT;
  const following = (share: number): typeof requests => ({
    ...requests,
    routes: requests.routes.map((route) => ({ ...route, followed: Math.round(route.count * share) })),
  });
  const said = (node: string, share: number) =>
    followedInPart({ ...REPORT, node, requests: following(share) });
  assert.match(said("v22.18.0", 0.1) ?? "", /^Before Node 24, .* here 10\u2009% of them are followed\./);
  assert.match(said("20.20.2", 0) ?? "", /here none is followed, so what each route costs is not known/);
  assert.equal(said("v22.18.0", 0.99), null);
  assert.equal(said("v24.1.0", 0.1), null);
  assert.equal(said("", 0.1), null);
  assert.equal(followedInPart({ ...REPORT, node: "v22.18.0", requests: { ...requests, routes: [] } }), null);
  // Of no message it is known anyway.
  const messages = requests.routes.map((route) => ({ ...route, method: "WebSocket", followed: 0 }));
  assert.equal(
    followedInPart({ ...REPORT, node: "v22.18.0", requests: { ...requests, routes: messages } }),
    null,
  );
});

test("only the clock and the newest requests have changed, or something else has, too", () => {
  const model = reduce(firstModel(null), { type: "state", state: RECORDING });
  const newest = {
    requests: { total: 9, perSecond: 3, p50Micros: null, p99Micros: null },
    workersPerSecond: [],
  };
  const later = { ...RECORDING, elapsedMs: RECORDING.elapsedMs + 250, newest };
  const after = reduce(model, { type: "state", state: later });
  assert.ok(onlyNewer(model, after));
  assert.ok(onlyNewer(after, model), "it goes again");
  assert.ok(!onlyNewer(firstModel(null), after));
  assert.ok(!onlyNewer(model, reduce(model, { type: "state", state: { ...later, title: "other.js" } })));
  assert.ok(!onlyNewer(model, reduce(model, { type: "state", state: { ...later, report: { ...REPORT } } })));
  assert.ok(!onlyNewer(model, reduce(after, { type: "toggleSheet" })));
  assert.ok(!onlyNewer(after, reduce(after, { type: "toggleSheet" })), "what the reader did");
});

test("what comes by itself is told from what answers the reader", () => {
  const model = (change: object) => ({ ...firstModel(null), panel: { ...RECORDING, ...change } });
  const before = model({});
  assert.ok(comesByItself(before, model({ elapsedMs: 1, report: { ...REPORT }, series: series(4) })));
  for (const change of [
    { phase: "stopped" },
    { range: { fromMs: 0, toMs: 1_000 } },
    { scopeSeconds: 0 },
    { suppressed: ["a"] },
    { loadRunning: false },
    { details: { site: first("locks"), view: "callers", tree: null, grid: null } },
  ])
    assert.ok(!comesByItself(before, model(change)), JSON.stringify(change));
  assert.ok(!comesByItself(firstModel(null), before));
});
