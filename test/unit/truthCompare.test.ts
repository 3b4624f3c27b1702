// Unit: the truth suite's own judgement, on reports made by hand: it must complain of what is wrong.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import type { Category } from "../../src/protocol/categories.ts";
import type { Report } from "../../src/protocol/report.ts";
import { compare } from "../truth/compare.ts";
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

function reportOf(spots: readonly Spot[]): Report {
  const hotspots = spots.map(([category, line, perRequest, share, holderLine]) => ({
    category,
    file,
    line,
    perRequest,
    amount: perRequest * 10,
    share,
    function: "f",
    callee: "c",
    holder: holderLine === undefined ? null : { file, line: holderLine, column: 1, function: "f" },
  }));
  return { hotspots } as unknown as Report;
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
    assert.deepEqual(truths(20).holders, [{ file, line: 6 }]);
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
    assert.deepEqual(complaints(instead(0, ["copies", 3, 4300, 1])), []);
    assert.match(complaints(instead(0, ["copies", 3, 4302, 1])).join(), /4302.0 instead of 4096.0/);
    assert.match(complaints(instead(2, ["locks", 6, 440, 0.9, 6])).join(), /440.0 instead of 500.0/);
    assert.match(complaints(RIGHT, 26).join(), /switches at .*: 8.0 instead of 2.0/);
  });

  it("sees shares of functions that are off", () => {
    assert.match(complaints(instead(4, ["allocations", 8, 200, 0.6])).join(), /distance 0.105/);
    assert.match(complaints([...RIGHT, ["allocations", 1, 200, 0.04]]).join(), /distance 0.333/);
  });

  it("sees hotspots that nobody stated", () => {
    assert.match(
      complaints([...RIGHT, ["copies", 9, 400, 0.06]]).join(),
      /false hotspot: copies 6 % at .*:9/,
    );
    assert.deepEqual(complaints([...RIGHT, ["copies", 9, 40, 0.01]]), []);
  });

  it("sees a wrong or a missing holder", () => {
    assert.match(complaints(instead(2, ["locks", 6, 500, 0.9, 9])).join(), /wrong holder: .*server.js:9/);
    assert.match(complaints(instead(2, ["locks", 6, 500, 0.9])).join(), /wrong holder: .*: none/);
  });
});
