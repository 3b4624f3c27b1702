// Unit tests: the marks beside the code: which lines, what they say, where they are while the user types.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Category, Kind } from "../../src/protocol/categories.ts";
import { UNIT_OF } from "../../src/protocol/categories.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";
import { annotationText, type LineNow, same } from "../../src/views/editor/annotationText.ts";
import { hoverText } from "../../src/views/editor/hoverText.ts";
import { lineMarks } from "../../src/views/editor/lineMarks.ts";
import { type LineChange, LineTracker } from "../../src/views/editor/lineTracker.ts";

const FILE = "/app/place.ts";

function spot(
  category: Category,
  kind: Kind,
  line: number,
  impact: number | null,
  change: Partial<Hotspot> = {},
): Hotspot {
  return {
    category,
    kind,
    file: FILE,
    line,
    column: 3,
    function: "placeOrder",
    callee: "JSON.stringify",
    count: 1_000,
    amount: 61_400_000,
    unit: UNIT_OF[category],
    perRequest: 61_400,
    share: 0.4,
    impactMicrosPerRequest: impact,
    samples: 400,
    relativeError: 0.003,
    confidence: "sampled",
    holder: null,
    basis: null,
    releaser: null,
    key: null,
    keys: [],
    queue: null,
    routes: [],
    hold: null,
    stack: [],
    byWorker: [],
    ...change,
  };
}

function reportOf(...hotspots: Hotspot[]): Report {
  return {
    hotspots,
    findings: [],
    requests: { total: 138_240, perSecond: 2_304, meanMicros: 1, p50Micros: 1, p99Micros: 1, routes: [] },
  } as unknown as Report;
}

const texts = (report: Report) => lineMarks(report, 20).map((mark) => annotationText(mark, report));

test("what a mark says, for each category", () => {
  const holder = { file: FILE, line: 20, column: 1, function: "placeOrder" };
  assert.deepEqual(texts(reportOf(spot("copies", "serialise", 30, 68))), ["68.0 µs/req, 61.4 KB serialised"]);
  assert.deepEqual(texts(reportOf(spot("switches", "round trip", 33, 46, { perRequest: 2 }))), [
    "46.0 µs/req, 2.0 hand-offs at 2,304 req/s",
  ]);
  assert.deepEqual(texts(reportOf(spot("locks", "wait", 19, 268, { holder }))), [
    "268 µs/req waiting at 2,304 req/s, held by :20",
  ]);
  assert.deepEqual(
    texts(reportOf(spot("locks", "wait", 19, 268, { holder: { ...holder, file: "/app/db.ts" } }))),
    ["268 µs/req waiting at 2,304 req/s, held by db.ts:20"],
  );
});

test("two categories on a line: the larger, then the next in words; a tiny one does not displace the amount", () => {
  const both = reportOf(spot("copies", "clone", 29, 47), spot("allocations", "objects", 29, 61));
  assert.deepEqual(texts(both), ["61.0 µs/req, copies 47.0"]);
  const tiny = reportOf(spot("copies", "clone", 29, 0.1), spot("allocations", "objects", 29, 61));
  assert.deepEqual(texts(tiny), ["61.0 µs/req, 61.4 KB allocated"]);
});

test("processor and waiting time on one line are named, never added", () => {
  const mixed = reportOf(spot("copies", "clone", 29, 47), spot("locks", "wait", 29, 100));
  assert.deepEqual(texts(mixed), ["100 µs/req waiting at 2,304 req/s, copies 47.0"]);
  const other = reportOf(spot("copies", "clone", 29, 470), spot("locks", "wait", 29, 100));
  const both = reportOf(spot("locks", "wait", 29, 100), spot("switches", "round trip", 29, 46));
  assert.deepEqual(texts(both), ["100 µs/req waiting, switches 46.0 at 2,304 req/s"]);
  assert.deepEqual(texts(other), ["470 µs/req, lock waits 100 waiting at 2,304 req/s"]);
});

test("several operations of a category on one line are summed, in its unit", () => {
  const report = reportOf(
    spot("copies", "serialise", 30, 60),
    spot("copies", "encode", 30, 8, { callee: "end" }),
  );
  assert.deepEqual(texts(report), ["68.0 µs/req, 123 KB"]);
});

test("without prices the amount is still shown; what has no line or is below 2 % is not", () => {
  assert.deepEqual(texts(reportOf(spot("copies", "serialise", 30, null))), ["61.4 KB serialised"]);
  const hidden = reportOf(
    spot("copies", "copy", 1, 9, { share: 0.019 }),
    spot("copies", "copy", 0, 9, { file: "" }),
  );
  assert.deepEqual(lineMarks(hidden, 20), []);
});

test("the hottest lines win", () => {
  const report = reportOf(...[3, 9, 6].map((impact, index) => spot("copies", "copy", index + 1, impact)));
  assert.deepEqual(
    lineMarks(report, 2).map(({ line }) => line),
    [2, 3],
  );
});

const hover = (
  report: Report,
  moved = false,
  lineNow: LineNow = same,
  otherCommit: string | null = null,
  recorded: string | null = null,
) => {
  const [mark] = lineMarks(report, 1);
  assert.ok(mark);
  const context = { report, scopeLabel: "Last 60 s", glyph: () => "", cwd: "/app" };
  return hoverText(mark, { ...context, moved, lineNow, otherCommit, recorded });
};

test("a line below the least is not marked, nor one without a price", () => {
  const report = reportOf(
    ...[3, 9, null].map((impact, index) =>
      spot("copies", "copy", index + 1, 1, { impactMicrosPerRequest: impact }),
    ),
  );
  assert.deepEqual(
    lineMarks(report, 20, 5).map(({ line }) => line),
    [2],
  );
  assert.equal(lineMarks(report, 20).length, 3);
});

test("the hover says of which commit its figures are, where another one is checked out", () => {
  const report = reportOf(spot("copies", "copy", 1, 5));
  assert.match(
    hover(report, false, same, "3f2c9e1".padEnd(40, "0")),
    /Measured at `3f2c9e1`; another commit/,
  );
  assert.doesNotMatch(hover(report), /Measured at/);
});

test("the hover says which file was measured, where another one stands for it", () => {
  const report = reportOf(spot("copies", "copy", 1, 5));
  assert.match(hover(report, false, same, null, "/app/a.ts"), /Measured as `\/app\/a\.ts`; this file stands/);
});

test("the hover has figure, rate, share, certainty, scope, holder and links", () => {
  const text = hover(
    reportOf(
      spot("locks", "wait", 19, 268, {
        perRequest: 268,
        holder: { file: "/app/a (1).ts", line: 20, column: 5, function: "hold" },
      }),
    ),
  );
  assert.match(text, /\*\*Lock waits &nbsp;268 µs\/req\*\* &nbsp;waiting at 2,304 req\/s/);
  assert.match(text, /40\s*% of lock waits, ± .* from 400 samples, last 60 s \(138,240 requests\)/);
  assert.match(text, /Held by \| `hold`/);
  const query = /Open holder\]\(command:darcy\.openLocation\?([^)]*)\)/.exec(text)?.[1];
  assert.deepEqual(JSON.parse(decodeURIComponent(query ?? "")), [
    { file: "/app/a (1).ts", line: 20, column: 5, cwd: "/app" },
  ]);
  assert.match(hover(reportOf(spot("copies", "copy", 1, 1)), true), /has changed since it was measured/);
});

test("every link runs a command of ours, with the line as its only word", () => {
  const text = hover(reportOf(spot("copies", "copy", 7, 1, { file: "/app/a (1).ts" })));
  const links = [...text.matchAll(/\[([^\]]+)\]\(command:([\w.]+)\?([^)]*)\)/g)].map(
    ([, label, command, query = ""]) => [label, command, JSON.parse(decodeURIComponent(query))],
  );
  const here = [{ file: "/app/a (1).ts", line: 7 }];
  assert.deepEqual(links, [
    ["Show in panel", "darcy.showInPanel", here],
    ["Explain", "darcy.explain", here],
    ["Suppress here", "darcy.suppressHere", here],
  ]);
});

test("the holder's line follows the edits; where it is not known it is said to be as measured", () => {
  const holder = { file: FILE, line: 11, column: 5, function: "hold" };
  const report = reportOf(spot("locks", "wait", 19, 268, { holder }));
  const [mark] = lineMarks(report, 1);
  assert.ok(mark);
  assert.equal(
    annotationText(mark, report, (line) => line + 2),
    "268 µs/req waiting at 2,304 req/s, held by :13",
  );
  assert.equal(
    annotationText(mark, report, () => null),
    "268 µs/req waiting at 2,304 req/s, held by :11 as measured",
  );
  const elsewhere = reportOf(spot("locks", "wait", 19, 268, { holder: { ...holder, file: "/app/db.ts" } }));
  assert.deepEqual(
    lineMarks(elsewhere, 1).map((each) => annotationText(each, elsewhere, () => null)),
    ["268 µs/req waiting at 2,304 req/s, held by db.ts:11"],
  );
  const text = hover(report, true, (line) => line + 2);
  assert.match(text, /`hold` \[:13\]/);
  assert.ok(text.includes(encodeURIComponent('"line":13')));
  assert.match(
    hover(report, true, () => null),
    /`hold` \[:11 as measured\]/,
  );
});

test("names from the measured program can't become links, HTML, icons or table cells", () => {
  const evil = "`](command:evil) <img src=x> | $(alert)";
  const finding = {
    id: "x",
    claim: "D1",
    category: null,
    score: 1,
    title: evil,
    evidence: evil,
    advice: evil,
    locations: [{ file: FILE, line: 1, column: 1, function: "" }],
  };
  const report = {
    ...reportOf(spot("copies", "copy", 1, 1, { callee: evil, function: evil })),
    findings: [finding],
  };
  const text = hover(report).replace(/`[^`]*`/g, "");
  assert.doesNotMatch(text, /(?<!\\)\]\(command:evil/);
  assert.doesNotMatch(text, /<img/);
  assert.doesNotMatch(text, /(?<!\\)\$\(alert/);
});

const insert = (line: number, character: number, text: string, endsLine = false): LineChange => ({
  startLine: line,
  startCharacter: character,
  endLine: line,
  endCharacter: character,
  text,
  endsLine,
});

test("an edited line loses its mark, those below move with it, those above stay", () => {
  const tracker = new LineTracker(10);
  tracker.apply(insert(4, 6, "x"));
  assert.equal(tracker.find(4), null);
  assert.deepEqual(tracker.find(3), { line: 3, shifted: false });
  assert.deepEqual(tracker.find(5), { line: 5, shifted: false });
  tracker.apply(insert(2, 0, "new\nlines\n"));
  assert.deepEqual(tracker.find(1), { line: 1, shifted: false });
  assert.deepEqual(tracker.find(2), { line: 4, shifted: true });
  assert.deepEqual(tracker.find(9), { line: 11, shifted: true });
});

test("a line break at a line's end leaves it, one within it does not", () => {
  const tracker = new LineTracker(5);
  tracker.apply(insert(1, 8, "\n  ", true));
  assert.deepEqual(tracker.find(1), { line: 1, shifted: false });
  assert.deepEqual(tracker.find(2), { line: 3, shifted: true });
  tracker.apply(insert(3, 4, "\n", false));
  assert.equal(tracker.find(2), null);
  assert.deepEqual(tracker.find(3), { line: 5, shifted: true });
});

test("deleted lines are gone, and back in place a moved line is as it was", () => {
  const tracker = new LineTracker(6);
  tracker.apply({ startLine: 1, startCharacter: 0, endLine: 3, endCharacter: 0, text: "", endsLine: false });
  assert.equal(tracker.find(1), null);
  assert.equal(tracker.find(2), null);
  assert.deepEqual(tracker.find(3), { line: 1, shifted: true });
  tracker.apply(insert(1, 0, "a\nb\n"));
  assert.deepEqual(tracker.find(3), { line: 3, shifted: false });
  assert.equal(tracker.find(99), null);
});
