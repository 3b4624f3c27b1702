// Unit: the truth suite's own judgement, on reports made by hand: it must complain of what is wrong.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import type { Category } from "../../src/protocol/categories.ts";
import type { Report } from "../../src/protocol/report.ts";
import { compare } from "../truth/compare.ts";
import { atMost, tooFewInside } from "../truth/reach.ts";
import { summarise } from "../truth/summary.ts";
import { functionsOf, readTruths } from "../truth/truthComments.ts";

const folder = mkdtempSync(path.join(tmpdir(), "darcy-truth-unit-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SOURCE = `const x = 1;
function join() {
  both(); //= copies 4096 //= switches 8 (26: 2)
}
async function wait() {
  await lock(); //= locks measured.lock //= holder
}
function objects() {
  keep(); //= allocations 300
}
class Store {
  load() {
    if (x) {
      keep(); //= allocations 100
    }
  }
}
top(); //= locks
// mentions //= copies 12
/** and //= holder */
`;
const file = path.join(folder, "server.js");
writeFileSync(file, SOURCE);
const functions = functionsOf(SOURCE.split("\n"));
const functionOf = (_file: string, line: number) => functions[line - 1] ?? "";
const truths = (major: number) => readTruths([file], major, new Map([["lock", 500]]));

type Spot = [category: Category, line: number, perRequest: number, share: number, holderLine?: number];
const RIGHT: Spot[] = [
  ["copies", 3, 4100, 1],
  ["switches", 3, 8, 1],
  ["locks", 6, 510, 0.9, 6],
  ["locks", 18, 60, 0.1, 6],
  ["allocations", 8, 290, 0.72],
  ["allocations", 12, 110, 0.28],
];
/** As `darcy report` shows them; `RIGHT` is exact. */
const SHOWN_ERROR = 0.05;

function reportOf(spots: readonly Spot[], relativeError: number | null = 0, kind = "copy"): Report {
  const hotspots = spots.map(([category, line, perRequest, share, holderLine]) => ({
    category,
    kind,
    relativeError,
    file,
    line,
    perRequest,
    amount: perRequest * 10,
    share,
    function: "f",
    callee: "c",
    holder: holderLine === undefined ? null : { file, line: holderLine, column: 1, function: "f" },
  }));
  return { hotspots, requests: { total: 100 } } as unknown as Report;
}

const complaints = (spots: readonly Spot[], major = 20) =>
  compare(reportOf(spots), truths(major), functionOf).complaints;
const instead = (index: number, spot: Spot) => RIGHT.map((right, at) => (at === index ? spot : right));

describe("truth comments", () => {
  it("are read with their line, function and the amount of this Node", () => {
    const read = truths(24).lines.map(({ category, line, function: name, amount }) => [
      category,
      line,
      name,
      amount,
    ]);
    assert.deepEqual(read, [
      ["copies", 3, "join", 4096],
      ["switches", 3, "join", 8],
      ["locks", 6, "wait", 500],
      ["allocations", 9, "objects", 300],
      ["allocations", 14, "load", 100],
      ["locks", 18, "", null],
    ]);
    assert.equal(truths(26).lines[1]?.amount, 2);
    assert.deepEqual(truths(20).holders, [{ file, line: 6, waits: [] }]);
  });

  it("are refused when they state nothing known", () => {
    const other = path.join(folder, "other.js");
    writeFileSync(other, "work(); //= copy 12\n");
    assert.throws(() => readTruths([other], 20, new Map()), /other.js:1: no truth comment: copy 12/);
  });

  it("of a measured name need the server's own account", () => {
    assert.throws(() => readTruths([file], 20, new Map()), /has not measured "lock"/);
  });
});

describe("a comparison", () => {
  it("is content with a report that agrees", () => assert.deepEqual(complaints(RIGHT), []));

  it("misses a line", () => {
    assert.match(complaints(RIGHT.slice(1)).join(), /copies at .*server.js:3: not found/);
  });

  it("sees an amount that is off by more than its category's tolerance", () => {
    assert.deepEqual(complaints(instead(0, ["copies", 3, 4177, 1])), []);
    assert.match(complaints(instead(0, ["copies", 3, 4178, 1])).join(), /4178.0 instead of 4096.0/);
    assert.match(complaints(instead(2, ["locks", 6, 474, 0.9, 6])).join(), /474.0 instead of 500.0/);
    assert.match(complaints(RIGHT, 26).join(), /switches at .*: 8.0 instead of 2.0/);
  });

  it("judges a sampled amount by the interval shown beside it", () => {
    const sampled = (amount: number, error: number | null) =>
      compare(reportOf(instead(0, ["copies", 3, amount, 1]), error), truths(20), functionOf);
    assert.equal(sampled(4300, SHOWN_ERROR).lines[0]?.inside, true);
    assert.equal(sampled(4400, SHOWN_ERROR).lines[0]?.inside, false);
    assert.deepEqual(sampled(4400, SHOWN_ERROR).complaints, []);
    assert.match(sampled(4900, SHOWN_ERROR).complaints.join(), /4900.0 instead of 4096.0/);
    assert.equal(sampled(4100, null).lines[0]?.inside, null);
    assert.match(sampled(4300, null).complaints.join(), /4300.0 instead of 4096.0/);
  });

  it("lets an exact amount be off by the requests under way at the edges, and by no more", () => {
    const exact = (amount: number, connections: number) =>
      compare(reportOf(instead(0, ["copies", 3, amount, 1])), truths(20), functionOf, connections).lines[0]
        ?.inside;
    assert.deepEqual(
      [exact(4096, 0), exact(4100, 0), exact(4130, 1), exact(4140, 1)],
      [true, false, true, false],
    );
  });

  it("holds Buffers by their line, objects by their function", () => {
    const spots = instead(4, ["allocations", 9, 310, 0.72]);
    const buffers = compare(reportOf(spots, 0, "buffers"), truths(20), functionOf);
    assert.match(buffers.complaints.join(), /allocations at .*server.js:9: 310.0 instead of 300.0/);
    const objects = compare(reportOf(RIGHT, SHOWN_ERROR, "objects"), truths(20), functionOf);
    assert.deepEqual(
      objects.functions.map(({ truth, measured, inside }) => [truth.function, measured, inside]),
      [
        ["objects", 290, true],
        ["load", 110, false],
      ],
    );
  });

  it("sees shares of functions that are off", () => {
    assert.match(complaints(instead(4, ["allocations", 8, 250, 0.69])).join(), /distance 0.056/);
    assert.match(complaints([...RIGHT, ["allocations", 1, 200, 0.04]]).join(), /distance 0.333/);
  });

  it("sees hotspots that nobody stated", () => {
    assert.match(
      complaints([...RIGHT, ["copies", 9, 400, 0.06]]).join(),
      /false hotspot: copies 6 % at .*:9/,
    );
    assert.deepEqual(complaints([...RIGHT, ["copies", 9, 40, 0.01]]), []);
  });

  it("takes waits for the event loop as false only where the server states how long its locks wait", () => {
    const noLocks = { lines: [], holders: [] };
    const unknown = { lines: truths(20).lines.filter(({ amount }) => amount === null), holders: [] };
    const spot: Spot = ["locks", 9, 400, 1];
    const falseOnes = (kind: string, stated: Parameters<typeof compare>[1]) =>
      compare(reportOf([spot], 0, kind), stated, functionOf).falseHotspots.length;
    assert.deepEqual([falseOnes("wait", noLocks), falseOnes("loop wait", noLocks)], [1, 0]);
    assert.deepEqual([falseOnes("wait", unknown), falseOnes("loop wait", unknown)], [1, 0]);
    assert.equal(falseOnes("loop wait", truths(20)), 1);
  });

  it("sees a wrong or a missing holder", () => {
    assert.match(complaints(instead(2, ["locks", 6, 500, 0.9, 9])).join(), /wrong holder: .*server.js:9/);
    assert.match(complaints(instead(2, ["locks", 6, 500, 0.9])).join(), /wrong holder: .*: none/);
  });

  it("lets 2 % of the waiting have a wrong holder", () => {
    assert.deepEqual(complaints(instead(3, ["locks", 18, 10, 0.02, 9])), []);
    assert.match(complaints(instead(3, ["locks", 18, 11, 0.02, 9])).join(), /wrong holder: locks 2 %/);
  });

  it("knows which waits a holder that names them lets wait", () => {
    const twoLocks = path.join(folder, "locks.js");
    writeFileSync(
      twoLocks,
      "a(); //= locks measured.a\nb(); //= locks measured.b\nc(); //= holder a\nd(); //= holder b\n",
    );
    const read = readTruths([twoLocks], 20, new Map([["a", 500], ["b", 500]])); // biome-ignore format: a table
    const judged = (holderOfB: number) => {
      const report = reportOf([
        ["locks", 1, 500, 0.5, 3],
        ["locks", 2, 500, 0.5, holderOfB],
      ]);
      const inOther = report.hotspots.map((spot) => ({
        ...spot,
        file: twoLocks,
        holder: spot.holder === null ? null : { ...spot.holder, file: twoLocks },
      }));
      return compare({ ...report, hotspots: inOther }, read, functionOf);
    };
    assert.deepEqual(judged(4).complaints, []);
    assert.match(judged(3).complaints.join(), /wrong holder: locks 50 % at .*locks.js:2/);
    assert.deepEqual(judged(3).held, { judged: 1000, right: 500 });
  });
});

describe("the suite as a whole", () => {
  it("doubts intervals that hold the truth too seldom", () => {
    assert.ok(Math.abs(atMost(18, 20, 0.95) - 0.26416) < 1e-5);
    assert.ok(Math.abs(atMost(2_000, 2_000, 0.95) - 1) < 1e-9);
    assert.equal(tooFewInside(0, 0), false);
    assert.equal(tooFewInside(180, 200), false);
    assert.equal(tooFewInside(178, 200), true);
    assert.equal(tooFewInside(1_860, 2_000), true);
  });

  it("tells how near its figures are", () => {
    const right = compare(reportOf(RIGHT), truths(20), functionOf);
    const wrong = compare(reportOf(instead(0, ["copies", 3, 4505.6, 1])), truths(20), functionOf);
    const { lines, complaints } = summarise([
      { name: "one", major: 20, requests: 100, comparison: right, explained: {} },
      { name: "one", major: 24, requests: 100, comparison: wrong, explained: {} },
    ]);
    const text = lines.join("\n");
    assert.match(text, /^1 cases, 2 recordings on Node 20, 24\n/);
    assert.match(text, /amounts: copies +within 2.0 % +1 of 2 lines, 1 with their interval +10.0 % +10.0 %/);
    assert.match(text, /amounts: switches +within 2.0 % +2 of 2 lines, 2 with their interval +0.0 % +0.0 %/);
    assert.match(text, /objects of a recording in all +within 3.0 % +2 of 2 recordings +0.0 % +0.0 %/);
    assert.match(text, /right holder +98.0 % of waiting +100.0 %/);
    assert.match(complaints.join(), /only 2 of 10 intervals hold the truth/);
  });
});
