// Unit tests: the marks beside the code: which lines, what they say, where they are while the user types.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DecorationOptions, TextEditor, TextEditorDecorationType } from "vscode";
import type { Category, Kind } from "../../src/protocol/categories.ts";
import { UNIT_OF } from "../../src/protocol/categories.ts";
import type { FileText, LineRow } from "../../src/protocol/measuredTexts.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";
import { TextLines } from "../../src/sources/textLines.ts";
import { annotationText, type LineNow, same } from "../../src/views/editor/annotationText.ts";
import { EditorDecorations, WantedDecorations } from "../../src/views/editor/editorDecorations.ts";
import { hoverText } from "../../src/views/editor/hoverText.ts";
import { lineMarks } from "../../src/views/editor/lineMarks.ts";
import { LineTracker } from "../../src/views/editor/lineTracker.ts";
import { TrackedText } from "../../src/views/editor/trackedText.ts";

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
  assert.match(text, /40\s*% of all waiting time, ± .* from 400 samples, last 60 s \(138,240 requests\)/);
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

test("the hover's links stand after its first category, before the second and advice", () => {
  const text = hover(reportOf(spot("copies", "copy", 7, 30), spot("allocations", "buffers", 7, 10)));
  const places = ["Copies", "Show in panel", "Allocation"].map((words) => text.indexOf(words));
  assert.ok(places.every((place) => place >= 0));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
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

const TEXT = ["import a", "", "function f() {", "  call(1);", "", "  call(1);", "  other(2);", "}", "end();"];

/** Where each line stands in `now`; null: nowhere. */
function tracked(...now: string[]): (number | null)[] {
  const tracker = new LineTracker(TEXT);
  tracker.follow(now);
  return TEXT.map((_, line) => tracker.find(line)?.line ?? null);
}
const changed = (change: (lines: string[]) => void): (number | null)[] => {
  const lines = [...TEXT];
  change(lines);
  return tracked(...lines);
};

test("an edited line loses its mark, those below move with it, those above stay", () => {
  assert.deepEqual(tracked(...TEXT), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(
    changed((lines) => lines.splice(6, 1, "  other(3);")),
    [0, 1, 2, 3, 4, 5, null, 7, 8],
  );
  assert.deepEqual(
    changed((lines) => lines.splice(1, 0, "new", "lines")),
    [0, 3, 4, 5, 6, 7, 8, 9, 10],
  );
});

test("what leaves a line's text as it was leaves its mark: joined empty lines, a deletion from its end, a line break, indenting", () => {
  // Backspace in the empty line below; a deletion from the line's end to the end of that one.
  assert.deepEqual(
    changed((lines) => lines.splice(4, 1)),
    [0, 1, 2, 3, null, 4, 5, 6, 7],
  );
  assert.deepEqual(
    changed((lines) => lines.splice(7, 0, "")),
    [0, 1, 2, 3, 4, 5, 6, 8, 9],
  );
  assert.deepEqual(
    changed((lines) => lines.splice(6, 1, "    other(2);")),
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
  );
});

test("undo brings back what an edit took, whatever came in between", () => {
  const tracker = new LineTracker(TEXT);
  tracker.follow(TEXT.map((line) => `${line}x`));
  assert.deepEqual(
    TEXT.map((_, line) => tracker.find(line)),
    TEXT.map(() => null),
  );
  tracker.follow(["// above", ...TEXT]);
  assert.deepEqual(tracker.find(6), { line: 7, shifted: true });
  tracker.follow(TEXT);
  assert.deepEqual(tracker.find(6), { line: 6, shifted: false });
  assert.equal(tracker.find(99), null);
});

test("edits at several places at once", () => {
  const now = [
    "// a",
    "import a",
    "function f() {",
    "  call(1);",
    "  call(0);",
    "  call(1);",
    "  more();",
    "  other(2);",
  ];
  assert.deepEqual(tracked(...now, "// b", "}"), [1, null, 2, 3, null, 5, 7, 9, null]);
});

test("of like lines, one of which was taken out or put in, none is guessed", () => {
  const tracker = new LineTracker(["a", "call(1);", "call(1);", "b"]);
  const at = (...now: string[]) => {
    tracker.follow(now);
    return [0, 1, 2, 3].map((line) => tracker.find(line)?.line ?? null);
  };
  assert.deepEqual(at("a", "call(1);", "b"), [0, null, null, 2]);
  assert.deepEqual(at("a", "call(1);", "call(1);", "call(1);", "b"), [0, null, null, 4]);
  assert.deepEqual(at("a", "call(1);", "x", "call(1);", "b"), [0, 1, 3, 4]);
});

const FILE_LINES = ["a();", "hot();", "same();", "b();", "same();", "c();"];
const WHOLE = FILE_LINES.join("\n");

function measured(...lines: number[]): FileText {
  const text = new TextLines(FILE_LINES);
  return { file: FILE, whole: text.whole, lines: lines.map((line) => text.row(line) as LineRow) };
}
/** A document that is opened with a text, and where its measured lines stand, from 1. */
function opened(text: string, file = measured(2, 3, 5)) {
  const document = new TrackedText(file);
  document.follow(text);
  const at = () => [2, 3, 5].map((line) => (document.find(line - 1)?.line ?? -2) + 1);
  return { document, at };
}

test("a file with the text that was measured has all marks, whatever its date", () => {
  const { document, at } = opened(`\ufeff${WHOLE.replaceAll("\n", "\r\n")}`);
  assert.deepEqual(at(), [2, 3, 5]);
  assert.deepEqual(document.find(1), { line: 1, shifted: false });
  assert.equal(document.find(3), null, "a line that was not measured has none");
});

test("opened after it was edited: a line is found by its text, of like ones by the lines around them, else it has no mark", () => {
  assert.deepEqual(opened(`// new\n\n${WHOLE}`).at(), [4, 5, 7]);
  assert.deepEqual(opened(WHOLE.replace("hot()", "cold()")).at(), [-1, -1, 5]);
  assert.deepEqual(opened(WHOLE.replace("b();", "x();")).at(), [2, -1, -1]);
  assert.deepEqual(opened(`${WHOLE}\nhot();`).at(), [-1, 3, 5], "which of two it is nobody knows");
  assert.deepEqual(opened("other();").at(), [-1, -1, -1]);
});

test("once the measured text stands there again, edits are followed from it", () => {
  const { document, at } = opened("a();\nhot();\n");
  assert.equal(document.measuredTextKnown, false);
  document.follow(WHOLE);
  assert.equal(document.measuredTextKnown, true);
  assert.deepEqual(at(), [2, 3, 5]);
  document.follow(WHOLE.replace("b();", "x();"));
  assert.deepEqual(at(), [2, 3, 5]);
});

test("an edited document whose file is what was measured is told by its file", () => {
  const { document, at } = opened(WHOLE.replace("b();", "x();\ny();"));
  document.offer("another", true);
  assert.deepEqual(at(), [2, -1, -1], "a date does not make it the measured text");
  document.offer(WHOLE, false);
  assert.deepEqual(at(), [2, 3, 6]);
});

test("where no text is known, a file that is unchanged since has marks, and no other one", () => {
  const unknown = { file: FILE, whole: null, lines: [] };
  const { document, at } = opened(WHOLE, unknown);
  assert.deepEqual(at(), [-1, -1, -1]);
  document.offer(WHOLE, false);
  assert.deepEqual(at(), [-1, -1, -1]);
  document.offer(WHOLE, true);
  assert.deepEqual(at(), [2, 3, 5]);
  document.follow(`// new\n${WHOLE}`);
  assert.deepEqual(at(), [3, 4, 6]);
});

test("more lines that are measured while it is open", () => {
  const { document, at } = opened(`// new\n${WHOLE}`, measured(2));
  assert.deepEqual(at(), [3, -1, -1]);
  document.update(measured(2, 5));
  assert.deepEqual(at(), [3, -1, 6]);
});

test("decorations are set where they are others, or the text is: else a hover that is read would go away", () => {
  const set: string[] = [];
  const document = { version: 1 };
  const editor = {
    document,
    setDecorations: (type: { key: string }, options: readonly unknown[]) =>
      set.push(`${type.key} ${options.length}`),
  } as unknown as TextEditor;
  const types = ["mark", "ruler"].map((key) => ({ key }) as TextEditorDecorationType);
  const decorations = new EditorDecorations();
  const show = (...texts: string[]) => {
    const wanted = new WantedDecorations();
    for (const contentText of texts)
      wanted.add(
        types[0] as TextEditorDecorationType,
        { renderOptions: { after: { contentText } } } as DecorationOptions,
      );
    decorations.set(editor, types, wanted);
    return set.splice(0);
  };
  assert.deepEqual(show("68 µs"), ["mark 1"]);
  assert.deepEqual(show("68 µs"), []);
  assert.deepEqual(show("69 µs"), ["mark 1"]);
  document.version++;
  assert.deepEqual(show("69 µs"), ["mark 1"]);
  assert.deepEqual(show(), ["mark 0"]);
  assert.deepEqual(show(), []);
});
