// Truth suite: records servers with known costs on several Nodes and compares each stated line with the report.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import { CASES } from "./cases/index.ts";
import { inFlight } from "./cases/truthCase.ts";
import { compare } from "./compare.ts";
import { recordCase } from "./record.ts";
import { type CaseResult, describeCase, describeLines, summarise } from "./summary.ts";
import { functionsOf, readTruths } from "./truthComments.ts";

const all = process.env.DARCY_TRUTH === "all";
const only = process.env.DARCY_TRUTH_CASE;
const nodes = testNodes();
const results: CaseResult[] = [];

const casesOf = (major: number) =>
  CASES.filter(
    ({ name, nodes: every, quick }) =>
      (all ? every : quick).includes(major) && (only === undefined || new RegExp(only).test(name)),
  );

if (!nodes.some(([major]) => casesOf(major).length > 0))
  throw new Error("No case is for any of these Nodes.");
for (const [major, node] of nodes) {
  const cases = casesOf(major);
  if (cases.length === 0) continue;
  describe(`Node ${major}`, () => {
    for (const truthCase of cases) {
      it(truthCase.name, async (test) => {
        const scratch = mkdtempSync(path.join(tmpdir(), "darcy-truth-"));
        try {
          const { report, measured } = await recordCase(truthCase, node, scratch);
          const { sources } = truthCase;
          const files = typeof sources === "function" ? sources(scratch) : sources;
          const truths = readTruths(files, major, measured);
          const comparison = compare(report, truths, functionOf, inFlight(truthCase));
          const explained = Object.fromEntries(
            CATEGORIES.map((category) => [category, report.totals[category].explained]),
          );
          const requests = report.requests.total;
          const result = { name: truthCase.name, major, requests, comparison, explained };
          results.push(result);
          test.diagnostic(describeCase(result));
          for (const line of describeLines(comparison)) test.diagnostic(line);
          assert.deepEqual([...comparison.complaints, ...(truthCase.check?.(report) ?? [])], []);
        } finally {
          rmSync(scratch, { recursive: true, force: true });
        }
      });
    }
  });
}

describe("all recordings together", () => {
  it("are within reach", (test) => {
    const { lines, complaints } = summarise(results);
    for (const line of lines) test.diagnostic(line);
    assert.deepEqual(complaints, []);
  });
});

const functions = new Map<string, string[]>();
function functionOf(file: string, line: number): string {
  if (!path.isAbsolute(file) || line < 1) return "";
  let known = functions.get(file);
  if (known === undefined) {
    known = functionsOf(readFileSync(file, "utf8").split("\n"));
    functions.set(file, known);
  }
  return known[line - 1] ?? "";
}

/** `DARCY_TEST_NODES` as scripts/nodes.mjs writes it, else the Node that runs this. */
function testNodes(): [major: number, node: string][] {
  const pairs = (process.env.DARCY_TEST_NODES ?? "").split(",").filter((pair) => pair.includes("="));
  if (pairs.length === 0) return [[Number.parseInt(process.versions.node, 10), process.execPath]];
  return pairs.map((pair) => [Number.parseInt(pair, 10), pair.slice(pair.indexOf("=") + 1)]);
}
