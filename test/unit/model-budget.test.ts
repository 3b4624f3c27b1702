// Unit tests: a report against a budget, and budget files that are none.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readBudget } from "../../src/cli/budgetFile.ts";
import { UserError } from "../../src/common/errors.ts";
import { checkBudget } from "../../src/model/budget.ts";
import { toReport } from "../../src/model/report.ts";
import { knownRun } from "./knownPair.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy budget "));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "budget.json");
const schema = "darcy-budget/1";

async function parsed(value: unknown) {
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return readBudget(file);
}

const report = toReport(knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 300 } }));

test("limits hold or are broken by what was measured", async () => {
  const budget = await parsed({
    schema,
    most: { copies: "4.8 KB", handOffs: 1.9, locksMicros: 300, switches: 100 },
    least: { requests: 6_000, requestsPerSecond: 1_001 },
    routes: { "GET /": { p99Micros: 5_000 }, "GET /other": { p99Micros: 5_000 } },
  });
  const outcomes = checkBudget(report, budget).map(({ name, route, ok, actual }) => [
    route ?? name,
    ok,
    actual,
  ]);
  assert.deepEqual(outcomes.slice(0, 5), [
    ["requests", true, 6_000],
    ["requestsPerSecond", false, 1_000],
    ["copies", true, 4_800],
    ["handOffs", false, 2],
    ["locksMicros", true, 300],
  ]);
  assert.deepEqual(
    outcomes.slice(6).map(([route, ok]) => [route, ok]),
    [
      ["GET /", true],
      ["GET /other", false],
    ],
  );
});

test("what was not measured breaks its limit", () => {
  const { totals, ...rest } = report;
  const unknown = { ...rest, totals: { ...totals, copies: { ...totals.copies, perRequest: null } } };
  const [copies] = checkBudget(unknown, { most: { copies: 1e12 }, least: {}, routes: {} });
  assert.deepEqual([copies?.ok, copies?.actual], [false, null]);
});

const WRONG: readonly (readonly [unknown, RegExp, RegExp?])[] = [
  ["{", /is not JSON/],
  [[], /the whole is no object/],
  [{ most: { copies: 1 } }, /"schema" is not "darcy-budget\/1"/],
  [{ schema }, /it has no limit/],
  [{ schema, most: {} }, /it has no limit/],
  [{ schema, max: {} }, /"max", which is none of schema, most, least, routes/],
  [{ schema, most: { copis: 1 } }, /"most" has "copis", which is none of copies, .* Is it "copies"\?/],
  [{ schema, most: { constructor: 1 } }, /"most" has "constructor"/],
  [{ schema, most: { copies: "64 kib" } }, /"copies" of "most" is "64 kib"/, /as "64 KB"/],
  [{ schema, most: { handOffs: "2" } }, /"handOffs" of "most" is "2"/, /It takes a number from 0/],
  [{ schema, most: { handOffs: -1 } }, /"handOffs" of "most" is -1/],
  [{ schema, least: { copies: 1 } }, /"least" has "copies"/],
  [{ schema, routes: { "/orders": {} } }, /"\/orders" is no route/, /"GET \/orders\/:id"/],
  [{ schema, routes: { "GET /": 5 } }, /"GET \/" is no object/],
];
for (const [value, message, remedy] of WRONG) {
  test(`no budget: ${JSON.stringify(value)}`, async () => {
    await assert.rejects(
      parsed(value),
      (error) =>
        error instanceof UserError &&
        message.test(error.message) &&
        error.remedy !== "" &&
        (remedy === undefined || remedy.test(error.remedy)),
    );
  });
}

test("a budget that is not there", async () => {
  await assert.rejects(readBudget(join(folder, "none.json")), /does not exist/);
});
