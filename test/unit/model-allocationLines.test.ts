// Unit tests: lines of a function's objects from told sizes that are drawn as V8 tells them, and none where they can't be told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { allocationLines, type FunctionLines } from "../../src/model/allocationLines.ts";
import type { AllocatingPlace, Profile } from "../../src/model/profile.ts";
import { Sites } from "../../src/model/sites.ts";
import type { HeapSizeRow } from "../../src/protocol/window.ts";
import { frame, KnownProfile } from "./knownProfile.ts";

const INTERVALS = [40_320, 60_480, 141_120, 262_080];
/** Samples of a line that makes so many bytes. */
type Made = readonly (readonly [bytes: number, samples: number])[];

const tell = (bytes: number, interval: number) =>
  bytes * Math.floor(1 / (1 - Math.exp(-bytes / interval)) + 0.5);
const place = (
  line: number,
  sizes: readonly number[],
  more: Partial<AllocatingPlace> = {},
): AllocatingPlace => ({
  line,
  column: 1,
  sizes,
  range: null,
  builtIn: "",
  together: false,
  unoptimised: [],
  seldom: false,
  ...more,
});
const object = (line: number, bytes: number) => place(line, [bytes], { unoptimised: [bytes + 16] });
const array = (line: number, elements: number) =>
  place(line, [32, 16 + 8 * elements], { together: true, unoptimised: [64 + 8 * elements] });

function linesOf(
  places: readonly AllocatingPlace[],
  made: Made,
  interval: number,
  builtIn = "",
): FunctionLines {
  const heapSizes = made.map(
    ([bytes, samples]): HeapSizeRow => [1, interval, tell(bytes, interval), samples, builtIn],
  );
  const known = new KnownProfile().profile();
  const profile = {
    ...known,
    frames: [{ ...frame("place.ts:10 make"), allocates: places }],
    stacks: [
      { parent: 0, frame: 0 },
      { parent: 0, frame: 0 },
    ],
    windows: [{ heapSizes }],
  } as unknown as Profile;
  const [lines] = allocationLines(profile, new Sites(profile)).values();
  assert.ok(lines);
  return lines;
}

function assertShares({ lines }: FunctionLines, expected: Readonly<Record<number, number>>): void {
  assert.deepEqual(lines.map(({ line }) => String(line)).sort(), Object.keys(expected));
  for (const { line, share } of lines)
    assert.ok(Math.abs(share - (expected[line] ?? 0)) < 0.03, `line ${line} has ${share}`);
}

for (const interval of INTERVALS) {
  test(`sizes tell lines apart, interval ${interval}`, () => {
    const places = [object(11, 64), object(12, 112), array(13, 20)];
    // As many arrays as objects: 64, 112, and 32 with 176.
    const made: Made = [
      [64, 640],
      [112, 1_120],
      [32, 320],
      [176, 1_760],
    ];
    const lines = linesOf(places, made, interval);
    assert.equal(lines.basis, "estimated");
    assertShares(lines, { 11: 0.17, 12: 0.29, 13: 0.54 });
    assert.deepEqual(lines.candidates, [11, 12, 13]);
  });
}

test("one allocating line is exact", () => {
  const lines = linesOf([object(11, 64)], [[64, 100]], 40_320);
  assert.equal(lines.basis, "exact");
  assertShares(lines, { 11: 1 });
  assert.deepEqual(lines.lines[0]?.sizes, [{ bytes: 64, part: 1 }]);
});

test("two lines of one size have none", () => {
  const lines = linesOf([object(11, 64), object(12, 64)], [[64, 1_000]], 40_320);
  assert.equal(lines.basis, "function");
  assert.deepEqual(lines.lines, []);
  assert.deepEqual(
    lines.sizes.map(({ bytes }) => bytes),
    [64],
  );
});

test("objects of a size that no line makes are no line's", () => {
  const made: Made = [
    [64, 500],
    [1_000, 500],
  ];
  assert.equal(linesOf([object(11, 64), object(12, 112)], made, 40_320).basis, "function");
  assert.equal(linesOf([object(11, 64)], made, 40_320).basis, "function");
});

test("a place of any size may have made a known one only where such sizes are usual", () => {
  const anything = place(12, [], { range: [24, Number.MAX_SAFE_INTEGER] });
  const far: Made = [
    [64, 500],
    [4_000, 500],
  ];
  assertShares(linesOf([object(11, 64), anything], far, 40_320), { 11: 0.5, 12: 0.5 });
  const near: Made = [32, 40, 48, 56, 64, 72, 80, 88, 96, 104].map((bytes) => [
    bytes,
    bytes === 64 ? 300 : 100,
  ]);
  assert.equal(linesOf([object(11, 64), anything], near, 40_320).basis, "function");
});

test("beside what makes objects of all kinds no other line is known", () => {
  const parsed = place(12, [], { range: [16, Number.MAX_SAFE_INTEGER] });
  const made: Made = [
    [64, 500],
    [4_000, 500],
  ];
  assert.equal(linesOf([object(11, 64), parsed], made, 40_320).basis, "function");
});

test("a built-in's name tells its line, whatever the size", () => {
  const places = () => [
    place(11, [32], { builtIn: "map", range: [24, 1e9] }),
    place(12, [32], { builtIn: "split", range: [24, 1e9] }),
  ];
  assertShares(linesOf(places(), [[96, 100]], 40_320, "split"), { 12: 1 });
  assert.equal(linesOf(places(), [[96, 100]], 40_320).basis, "function");
});

test("few samples name no line of several", () => {
  assert.equal(linesOf([object(11, 64), object(12, 112)], [[64, 10]], 40_320).basis, "function");
});
