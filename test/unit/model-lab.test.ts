// Unit tests of the topology lab: quartiles, and what is called clear.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type LabResult, quartiles, toLab } from "../../src/model/lab.ts";
import { toReport } from "../../src/model/report.ts";
import type { Report } from "../../src/protocol/report.ts";
import { formatLabMarkdown } from "../../src/report/labMarkdown.ts";
import { formatLab } from "../../src/report/labText.ts";
import { KnownProfile } from "./knownProfile.ts";

const base = toReport(new KnownProfile().profile());
function result(asked: "reuse" | "handle" | "rr", cpu: number | null, balance: number | null): LabResult {
  const report: Report = { ...base, topology: asked, processorMicrosPerRequest: cpu, balance };
  return { asked, report };
}

test("quartiles lie between the values; what a round does not know is not guessed", () => {
  assert.deepEqual(quartiles([4, 1, 3, 2, 5]), { lower: 2, median: 3, upper: 4, rounds: 5 });
  assert.deepEqual(quartiles([1, 2]), { lower: 1.25, median: 1.5, upper: 1.75, rounds: 2 });
  assert.equal(quartiles([1, null, 2]), null);
  assert.equal(quartiles([]), null);
});

test("the better one is clear where quartiles are apart", () => {
  const lab = toLab(
    [100, 101, 102].flatMap((cpu, round) => [
      result("reuse", cpu, 0.3),
      result("handle", 2 * cpu, [0.2, 0.9, 0.3][round] as number),
    ]),
    2,
  );
  assert.equal(lab.rounds, 3);
  // 1e6 microseconds over 101 a request.
  assert.ok(Math.abs((lab.rows[0]?.figures.requestsPerCpuSecond?.median ?? 0) - 1e6 / 101) < 1e-9);
  assert.equal(lab.clear.requestsPerCpuSecond, "reuse");
  assert.equal(lab.clear.balance, null, "they overlap");
  const text = formatLab(lab);
  assert.match(text, /requests a CPU second +9,901 \(9,852 to 9,950\) +4,950 .* reuse\n/);
  assert.match(text, /balance, CV of requests .* not clear\n/);
  const markdown = formatLabMarkdown(lab);
  assert.match(markdown, /^Topologies of 2 workers, 3 rounds in turn/);
  assert.match(
    markdown,
    /^\| requests a CPU second \| 9,901 \(9,852 to 9,950\) \| 4,950 .* \| \*\*reuse\*\* \|$/m,
  );
  assert.match(markdown, /^\| balance, CV of requests \| .* \| not clear \|$/m);
  assert.match(formatLabMarkdown(toLab([result("rr", 1, 1)], 1)), /^Topologies of 1 worker, 1 round in turn/);
});

test("two that came to the same topology differ by chance, however clear it looks", () => {
  const rounds = [1, 2, 3].flatMap(() => [
    { asked: "reuse", report: result("handle", 100, 0.1).report },
    result("handle", 200, 0.5),
    result("rr", 50, 0.3),
  ]);
  const { clear, rows } = toLab(rounds, 2);
  assert.deepEqual(
    rows.map(({ topology }) => topology),
    ["handle", "handle", "rr"],
  );
  assert.equal(clear.balance, null);
  assert.equal(clear.requestsPerCpuSecond, "rr");
});

test("two rounds, or a figure that one lacks, make nothing clear", () => {
  const rounds = [1, 2].flatMap(() => [result("reuse", 100, 0.1), result("rr", 200, 0.5)]);
  assert.equal(toLab(rounds, 2).clear.requestsPerCpuSecond, null);
  const lacking = [1, 2, 3].flatMap(() => [result("reuse", 100, 0.1), result("rr", null, 0.5)]);
  const lab = toLab(lacking, 2);
  assert.equal(lab.clear.requestsPerCpuSecond, null);
  assert.equal(lab.rows[1]?.figures.requestsPerCpuSecond, null);
  assert.equal(lab.clear.balance, "reuse");
  assert.match(formatLab(lab), /requests a CPU second .* – +not clear\n/);
});
