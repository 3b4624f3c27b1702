// Unit tests: the report in a terminal.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toReport } from "../../src/model/report.ts";
import type { Report } from "../../src/protocol/report.ts";
import { cutEnd, cutStart, displayWidth, pad, wrap } from "../../src/report/columns.ts";
import { formatJson } from "../../src/report/json.ts";
import { formatMarkdown } from "../../src/report/markdown.ts";
import { placeOf } from "../../src/report/places.ts";
import { bar } from "../../src/report/style.ts";
import { formatText } from "../../src/report/text.ts";
import { KnownProfile, times } from "./knownProfile.ts";

function sample(change: { longName?: string; calibrated?: boolean } = {}): Report {
  const known = new KnownProfile();
  known.route("POST", "/orders");
  const serialise = known.operation("serialise", "JSON.stringify");
  const trip = known.operation("round trip", "fs.readFile");
  const heap = known.operation("objects", "");
  const wait = known.operation("wait", "Mutex.acquire");
  const tiny = known.operation("copy", "Buffer.from");
  const place = known.stack(`place.ts:30 ${change.longName ?? "placeOrder"}`);
  const load = known.stack("store.ts:14 load");
  const waiter = known.stack("async-mutex/lib/Mutex.js:24 Mutex.acquire", "place.ts:19 placeOrder");
  const holder = known.stack("place.ts:26 placeOrder");
  for (let worker = 0; worker < 2; worker++) {
    known.worker();
    known.window(worker, 0, {
      latencies: times(1_000, 2_600),
      cells: [
        [serialise, 16, 1_000, 34_000_000],
        [trip, 2, 1_000, 2_000],
        [heap, 14, 1, 90_000_000],
        [wait, 9, 1_000, 388_000],
        [tiny, 4, 10, 100],
      ],
      samples: [
        [serialise, 16, place, 0, 100, 1_000, 34_000_000],
        [trip, 2, load, 0, 100, 1_000, 2_000],
        [heap, 8, place, 0, 100, 900, 900_000],
        [wait, 9, waiter, holder, 100, 1_000, 388_000],
        [tiny, 4, load, 0, 10, 10, 100],
      ],
      thread: {
        voluntary: 900,
        involuntary: 60,
        runQueueMicros: 5_000,
        loopIterations: 850,
        loopEvents: 1_900,
        loopActiveMicros: 700_000,
      },
      process: {
        cpuMicros: 820_000,
        rssBytes: 1,
        heapUsedBytes: 1,
        openConnections: 10,
        threads: [
          ["loop", 1, 900, 60, 5_000],
          ["pool", 4, 300, 20, 100],
        ],
      },
      gc: [["minor", 12, 9_000]],
      own: { stackMicros: 9_000, windowMicros: 2_000, stacks: 100 },
    });
  }
  return toReport(known.profile(change.calibrated === false ? { calibration: null } : {}));
}

test("says how much, where, why, and is it even", () => {
  const text = formatText(sample(), { width: 130, cwd: "/app" });
  for (const part of [
    "node server.js",
    "Node 24.0.0, linux x64, 2 cores, 2 workers, reuse",
    "2,000 requests, 2,000 req/s, p50 2.6 ms",
    "Processor time",
    "Waiting time",
    "placeOrder src/place.ts:19 → Mutex.acquire",
    "held by placeOrder src/place.ts:26",
    "load src/store.ts:14 → fs.readFile",
    "2.0 hand-offs",
    "34.0 KB",
    "POST /orders",
    "balance CV 0.00",
    "Darcy's own code 1\u2009% of processor time",
    "0 samples and\n",
    "0 windows dropped",
    "Saves up to",
  ])
    assert.ok(text.includes(part), `${part}\n${text}`);
});

test("processor and waiting time are never added up", () => {
  const report = sample();
  const text = formatText(report, { width: 130, cwd: "/app" });
  const impact = (category: keyof Report["totals"]) => report.totals[category].impactMicrosPerRequest ?? 0;
  const processor = impact("copies") + impact("switches") + impact("allocations");
  assert.match(text, new RegExp(`Processor time +${Math.round(processor)} of `));
  assert.match(text, /Waiting time +388 of 2,600 µs latency/);
  assert.ok(!text.includes(String(Math.round(processor + impact("locks")))));
  const folded = formatText(report, { width: 130, cwd: "/app", top: 1 });
  const rest = /(\d+) more: ([\d.,]+) µs\/req processor, ([\d.,<\u2009]+) waiting/.exec(folded);
  assert.equal(rest?.[1], String(report.hotspots.length - 1));
  const others = report.hotspots.slice(1);
  const sum = (waiting: boolean) =>
    others
      .filter((spot) => (spot.category === "locks") === waiting)
      .reduce((total, spot) => total + (spot.impactMicrosPerRequest ?? 0), 0);
  assert.ok(Math.abs(Number(rest?.[2]) - sum(false)) < 1);
  assert.equal(sum(true), 0);
  assert.equal(rest?.[3], "0");
});

test("small sites are folded away, `top` says how many to show", () => {
  const report = sample();
  assert.ok(!formatText(report, { width: 130, cwd: "/app" }).includes("Buffer.from"));
  assert.match(formatText(report, { width: 130, cwd: "/app" }), /1 more: /);
  assert.ok(formatText(report, { width: 130, cwd: "/app", top: 99 }).includes("Buffer.from"));
});

for (const width of [60, 80, 100, 130, 160]) {
  test(`keeps to ${width} columns, wide characters and long names too`, () => {
    for (const longName of [
      "placeOrder",
      "aVeryLongFunctionNameThatGoesOnAndOnAndOnAndOnAndOnUntilItNoLongerFitsAnywhere",
      "注文を置く関数の名前はとても長いのでどこにも入りません",
    ]) {
      const text = formatText(sample({ longName }), { width, cwd: "/app" });
      // Tables of fixed columns need 80.
      for (const line of text.split("\n"))
        assert.ok(displayWidth(line) <= Math.max(80, width), `${displayWidth(line)}: ${line}`);
      for (const line of text.split("\n")) assert.equal(line, line.trimEnd());
    }
  });
}

test("hotspots stand in the order of the figures that are read", () => {
  const report = sample();
  const [first] = report.hotspots;
  assert.ok(first !== undefined);
  const of = (name: string, impactMicrosPerRequest: number | null, relativeError: number) => ({
    ...first,
    kind: "serialise" as const,
    function: name,
    impactMicrosPerRequest,
    relativeError,
    confidence: "sampled" as const,
  });
  const hotspots = [of("a", 2_083, 0.01), of("b", 2_060, 0.05), of("c", 0.001, 0.1), of("d", null, 0.1)];
  const text = formatText({ ...report, hotspots, findings: [] }, { width: 130, cwd: "/app" });
  assert.deepEqual(
    [...text.matchAll(/([\d,]+|<\u20090\.01|–) {2}serialise +(\w) /g)].map(
      ([, impact, name]) => `${name} ${impact}`,
    ),
    ["b 2,100", "a 2,080", "c <\u20090.01", "d –"],
  );
});

test("certainty stands in one column", () => {
  const lines = formatText(sample({ longName: "注文" }), { width: 130, cwd: "/app" }).split("\n");
  const rows = lines.filter((line) => /→|±/.test(line) && /%$/.test(line));
  assert.ok(rows.length >= 3);
  assert.equal(new Set(rows.map(displayWidth)).size, 1, rows.join("\n"));
});

test("colour only on demand, and it changes no text", () => {
  const plain = formatText(sample(), { width: 100, cwd: "/app" });
  const coloured = formatText(sample(), { width: 100, cwd: "/app", color: true });
  assert.ok(!plain.includes("\u001b"));
  assert.ok(coloured.includes("\u001b["));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
  assert.equal(coloured.replace(/\u001b\[[\d;]*m/g, ""), plain);
});

test("unknown figures are dashes, and the reason is said", () => {
  const text = formatText(sample({ calibrated: false }), { width: 130, cwd: "/app" });
  assert.match(text, /Processor time +– of [\d,]+ µs\/req/);
  assert.match(text, /without copies, switches, allocation/);
  assert.ok(text.includes("This machine was not calibrated: processor times are unknown."));
});

test("an empty recording still has a report", () => {
  const text = formatText(toReport(new KnownProfile().profile()), { width: 80, cwd: "/app" });
  assert.ok(text.includes("No line was seen yet."));
  assert.ok(!/NaN|Infinity|undefined|null/.test(text), text);
});

test("names from the measured program steer no terminal", () => {
  const text = formatText(sample({ longName: "evil\u001b[2J\u0007\nname" }), { width: 130, cwd: "/app" });
  assert.ok(!text.includes("\u001b") && !text.includes("\u0007"));
});

test("JSON is the report itself", () => {
  const report = sample();
  assert.deepEqual(JSON.parse(formatJson(report)), JSON.parse(JSON.stringify(report)));
  assert.equal((JSON.parse(formatJson(report)) as Report).schema, "darcy-report/1");
});

test("places", () => {
  assert.equal(placeOf({ file: "/app/src/a.ts", line: 3 }, "/app"), "src/a.ts:3");
  assert.equal(placeOf({ file: "/other/a.ts", line: 3 }, "/app/x/y/z"), "/other/a.ts:3");
  assert.equal(
    placeOf({ file: "/app/node_modules/async-mutex/lib/Mutex.js", line: 24 }, "/app"),
    "async-mutex/lib/Mutex.js:24",
  );
  assert.equal(placeOf({ file: "", line: 0 }, "/app"), "");
});

test("bars: eighths for processor time, hatched and torn for waiting", () => {
  assert.equal(bar(10, 1, 10, false), "██████████");
  assert.equal(bar(2.5, 1, 10, false), "██▌");
  assert.equal(bar(0.001, 1, 10, false), "▏");
  assert.equal(bar(0, 1, 10, false), "");
  assert.equal(bar(5, 1, 10, true), "▒▒▒▒▒");
  assert.equal(bar(40, 1, 10, true), "▒▒▒▒▒▒▒▒▒»");
});

test("columns", () => {
  assert.equal(displayWidth("ä\u0301漢字🙂\u001b[1mx"), 1 + 4 + 2 + 1);
  assert.equal(pad("漢", 4), "漢  ");
  assert.equal(pad("漢", 4, "right"), "  漢");
  assert.deepEqual(
    [cutEnd("abcdef", 4), cutStart("abcdef", 4), cutEnd("漢字漢字", 4), cutEnd("ab", 2)],
    ["abc…", "…def", "漢…", "ab"],
  );
  assert.deepEqual(wrap("p50 2.6 ms, p99 18.4 ms or so", 12), ["p50 2.6 ms,", "p99 18.4 ms", "or so"]);
});

test("requests that are messages are said to be", () => {
  const report = sample();
  const { requests } = report;
  const words = /100\u2009% of the requests are messages of WebSocket clients/;
  const flat = (text: string) => text.replace(/\s*\n\s*/g, " ");
  const messages = {
    ...requests,
    routes: requests.routes.map((route) => ({
      ...route,
      method: "WebSocket",
      route: "message :3000",
      p50Micros: null,
    })),
  };
  assert.doesNotMatch(flat(formatText(report, { width: 80 })), /are messages/);
  assert.doesNotMatch(formatMarkdown(report), /are messages/);
  assert.match(flat(formatText({ ...report, requests: messages }, { width: 80 })), words);
  assert.match(formatMarkdown({ ...report, requests: messages }), words);
});
