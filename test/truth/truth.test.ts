// Truth suite: records servers with known costs on several Nodes and compares each stated line with the report.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { CASES } from "./cases/index.ts";
import { type Comparison, compare } from "./compare.ts";
import { recordCase } from "./record.ts";
import { functionsOf, readTruths } from "./truthComments.ts";

const all = process.env.DARCY_TRUTH === "all";
const only = process.env.DARCY_TRUTH_CASE;
const nodes = testNodes();

const casesOf = (major: number) =>
  CASES.filter(
    ({ name, nodes: every, quick }) =>
      (all ? every : quick).includes(major) && (only === undefined || name.includes(only)),
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
          const truths = readTruths(truthCase.sources, major, measured);
          const comparison = compare(report, truths, functionOf);
          for (const line of describeComparison(comparison, report.requests.total)) test.diagnostic(line);
          assert.deepEqual(comparison.complaints, []);
        } finally {
          rmSync(scratch, { recursive: true, force: true });
        }
      });
    }
  });
}

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

function describeComparison(
  { lines, distance, falseHotspots, wrongHolders }: Comparison,
  requests: number,
): string[] {
  const found = lines.filter((line) => line.found).length;
  const errors = lines.flatMap(({ truth, error }) =>
    error === null || truth.category === "allocations" ? [] : [Math.abs(error)],
  );
  const worst = errors.length === 0 ? "" : `, largest error ${(Math.max(...errors) * 100).toFixed(1)} %`;
  const tvd = distance === null ? "" : `, distance ${distance.toFixed(3)}`;
  const rest = `, false hotspots ${falseHotspots.length}, wrong holders ${wrongHolders.length}`;
  return [`found ${found} of ${lines.length}${worst}${tvd}${rest}, ${requests} requests`];
}

/** `DARCY_TEST_NODES` as scripts/nodes.mjs writes it, else the Node that runs this. */
function testNodes(): [major: number, node: string][] {
  const pairs = (process.env.DARCY_TEST_NODES ?? "").split(",").filter((pair) => pair.includes("="));
  if (pairs.length === 0) return [[Number.parseInt(process.versions.node, 10), process.execPath]];
  return pairs.map((pair) => [Number.parseInt(pair, 10), pair.slice(pair.indexOf("=") + 1)]);
}
