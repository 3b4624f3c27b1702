// Unit tests: the line above a hot function: which functions, what it says, where it stands while the user types.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Category } from "../../src/protocol/categories.ts";
import { packHotspots, unpackHotspots } from "../../src/protocol/hotspotTable.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { functionRanges } from "../../src/views/editor/functionRanges.ts";
import { HotFunctions } from "../../src/views/editor/hotFunctions.ts";
import { lensText, lensTooltip } from "../../src/views/editor/lensText.ts";
import { editorLines, LineTracker } from "../../src/views/editor/lineTracker.ts";
import { manyHotspots } from "../webview/manyHotspots.ts";

const TEXT = `import { db } from "./db";
export async function place(order: Order): Promise<string> {
  const lines = order.lines.map((line) => ({ ...line }));
  return db.run(async () => {
    await db.query(lines);
    return JSON.stringify(lines);
  });
}
class Shop {
  @route("/")
  async list<T>(of: T[]) {
    return of.map((one) => one);
  }
  total = (lines: number[]) => {
    return lines.length;
  };
}
const api = {
  get(id: string) {
    return id;
  },
};
`;

test("functions by their lines: methods and what has a name begin there, those within a line are left out", () => {
  assert.deepEqual(functionRanges(TEXT, true), [
    { line: 1, lastLine: 7 },
    { line: 3, lastLine: 6 },
    { line: 10, lastLine: 12 },
    { line: 13, lastLine: 15 },
    { line: 18, lastLine: 20 },
  ]);
  assert.deepEqual(functionRanges("const f = function () {\r\n  return 1;\r\n};\r\n", false), [
    { line: 0, lastLine: 2 },
  ]);
  assert.equal(functionRanges("function (", false), null);
});

const spot = (line: number, category: Category, impact: number | null) =>
  ({ category, line, file: "/a.ts", impactMicrosPerRequest: impact, relativeError: null }) as Hotspot;

test("the two kinds of time are never added; without a price there is no figure", () => {
  const both = [spot(6, "copies", 68), spot(6, "allocations", 49), spot(5, "locks", 268)];
  assert.equal(lensText(both, 904, false), "117 µs/req, 268 waiting at 904 req/s");
  assert.equal(
    lensText([spot(5, "locks", 268)], 904, true),
    "268 µs/req waiting at 904 req/s, before the edits",
  );
  assert.equal(lensText([spot(5, "copies", null)], 904, false), null);
  assert.equal(
    lensTooltip(both, 904, "Last 60 s"),
    "Lock waits: 268 µs/req waiting\nCopies: 68.0 µs/req\nAllocation: 49.0 µs/req\nLast 60 s at 904 req/s",
  );
});

function opened(hotspots: readonly Hotspot[], marked = hotspots.map(({ line }) => line)) {
  let text = editorLines(TEXT);
  const [measured, parsed] = [new LineTracker(text), new LineTracker(text)];
  const functions = new HotFunctions(functionRanges(TEXT, true) ?? [], parsed);
  return {
    show: (now = hotspots, marks = marked, changedBefore = false) =>
      functions
        .show({
          marked: marks,
          hotspots: now,
          scopeLabel: "Last 60 s",
          perSecond: 904,
          changedBefore,
          now: (line) => measured.find(line - 1),
        })
        .map(({ line, title }) => `${line} ${title}`),
    /** @param line from 0; `replaced` lines are taken away from there */
    edit(line: number, added: string, replaced = 0) {
      text = text.toSpliced(line, replaced, added);
      measured.follow(text);
      parsed.follow(text);
    },
  };
}
const HOT = [spot(3, "copies", 10), spot(5, "locks", 268), spot(6, "copies", 68)];

test("a line above each function with a marked line, and the innermost has the cost", () => {
  assert.deepEqual(opened(HOT).show(), ["1 10.0 µs/req", "3 68.0 µs/req, 268 waiting at 904 req/s"]);
  // Marked is one line; the sum is over all of its function.
  assert.deepEqual(opened(HOT, [6]).show(), ["3 68.0 µs/req, 268 waiting at 904 req/s"]);
});

test("it moves with its function, and says so when only a part has moved", () => {
  const editor = opened(HOT);
  editor.show();
  editor.edit(0, "// new");
  assert.deepEqual(editor.show(), ["2 10.0 µs/req", "4 68.0 µs/req, 268 waiting at 904 req/s"]);
  editor.edit(6, "    // within");
  assert.deepEqual(editor.show(), [
    "2 10.0 µs/req",
    "4 68.0 µs/req, 268 waiting at 904 req/s, before the edits",
  ]);
  assert.deepEqual(editor.show(HOT, [3], true), [
    "2 10.0 µs/req, before the edits",
    "4 68.0 µs/req, 268 waiting at 904 req/s, before the edits",
  ]);
});

test("it goes when a hot line of its function, or the function's own, is edited", () => {
  const editor = opened(HOT);
  editor.show();
  editor.edit(5, "    xreturn JSON.stringify(lines);", 1);
  assert.deepEqual(editor.show(), ["1 10.0 µs/req"]);
  editor.edit(1, "xexport async function place(order: Order): Promise<string> {", 1);
  assert.deepEqual(editor.show(), []);
});

test("it stays while the ranking changes: the code does not jump", () => {
  const editor = opened(HOT);
  editor.show();
  assert.deepEqual(editor.show(HOT, [3]), ["1 10.0 µs/req", "3 68.0 µs/req, 268 waiting at 904 req/s"]);
  assert.deepEqual(editor.show([], []), ["1 not among the figures now", "3 not among the figures now"]);
  const unpriced = HOT.map((each) => ({ ...each, impactMicrosPerRequest: null }));
  assert.deepEqual(editor.show(unpriced), ["1 not priced", "3 not priced"]);
});

test("a function's sum holds all of a file's sites, however many others are dearer", () => {
  const all = manyHotspots(20_000);
  const asked: string[] = [];
  const inFile = (file: string) => {
    asked.push(file);
    return file.endsWith("/part7.ts");
  };
  const found = unpackHotspots(packHotspots(all.slice(200), 4), inFile);
  assert.equal(new Set(asked).size, asked.length, "a file is asked for once");
  assert.equal(asked.length, 50);
  const expected = all.slice(200).filter(({ file }) => file.endsWith("/part7.ts"));
  assert.equal(expected.length, 396);
  assert.deepEqual(
    found.map(({ line }) => line),
    expected.map(({ line }) => line),
  );
  assert.equal(lensText(found, 904, false), lensText(expected, 904, false));
});
