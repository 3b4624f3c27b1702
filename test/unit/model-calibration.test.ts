// Unit tests: prices that were measured on a busy machine are said not to be relied on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { quieter } from "../../src/collector/calibration/quieter.ts";
import { waitedShare } from "../../src/collector/calibration/waited.ts";
import { busyPrices, roughPrices } from "../../src/model/calibration.ts";
import { compareProfiles } from "../../src/model/compare/compare.ts";
import { toReport } from "../../src/model/report.ts";
import type { Calibration } from "../../src/protocol/calibration.ts";
import { formatMarkdown } from "../../src/report/markdown.ts";
import { PLAIN } from "../../src/report/style.ts";
import { footLines } from "../../src/report/tailLines.ts";
import { knownRun } from "./knownPair.ts";
import { PRICES } from "./knownProfile.ts";

const BUSY = { ...PRICES, waitedShare: 0.6 };
const SAID =
  /^The machine was busy while its prices were measured \(they waited 60\s% of the time for a processor\)/;

test("what a thread waited is a part of the time that it could run", () => {
  assert.equal(
    waitedShare(() => "300 100 7\n"),
    0.25,
  );
  assert.equal(
    waitedShare(() => "0 0 0\n"),
    null,
  );
  assert.equal(
    waitedShare(() => "nothing known"),
    null,
  );
  assert.equal(
    waitedShare(() => {
      throw new Error("no such file");
    }),
    null,
  );
});

test("a quiet machine's prices stand, also where the kernel or an earlier version tells nothing", () => {
  for (const waited of [0, 0.1, null, undefined])
    assert.equal(roughPrices({ ...PRICES, ...(waited === undefined ? {} : { waitedShare: waited }) }), null);
  assert.equal(busyPrices(null), null);
});

test("a busy machine's are said to be too high; fewer rounds weigh in a comparison alone", () => {
  assert.match(busyPrices(BUSY) ?? "", SAID);
  assert.match(roughPrices({ ...BUSY, partial: true }) ?? "", SAID);
  const part = { ...PRICES, partial: true };
  assert.equal(busyPrices(part), null);
  assert.match(roughPrices(part) ?? "", /in part/);
});

test("a busy machine is calibrated once more, and the quieter time counts; a quiet one is not", async () => {
  const outcomes = async (...all: (Calibration | string)[]) => {
    let runs = 0;
    const outcome = await quieter(async () => all[runs++] ?? assert.fail("once too often"));
    return [outcome, runs];
  };
  const busier = { ...PRICES, waitedShare: 0.7 };
  const quiet = { ...PRICES, waitedShare: 0.1 };
  assert.deepEqual(await outcomes(quiet), [quiet, 1]);
  assert.deepEqual(await outcomes(PRICES), [PRICES, 1]);
  assert.deepEqual(await outcomes("it failed"), ["it failed", 1]);
  assert.deepEqual(await outcomes(BUSY, quiet), [quiet, 2]);
  assert.deepEqual(await outcomes(BUSY, busier), [BUSY, 2]);
  assert.deepEqual(await outcomes(BUSY, "it failed"), [BUSY, 2]);
});

test("terminal, Markdown and comparison say it", () => {
  const profile = { ...knownRun({ copied: 4_000, handOffs: 2 }), calibration: BUSY };
  const report = toReport(profile);
  const foot = footLines(report, { width: 400, style: PLAIN, cwd: "/", top: undefined });
  assert.ok(
    foot.some((line) => SAID.test(line.replace(/^warning: /, ""))),
    foot.join("\n"),
  );
  assert.match(formatMarkdown(report), /warning: The machine was busy/);
  // The newer calibration prices both sides, and is spoken of once.
  const saidOf = (then: Calibration, now: Calibration) =>
    compareProfiles({ ...profile, calibration: then }, { ...profile, calibration: now }).differences;
  assert.deepEqual(saidOf(BUSY, PRICES), []);
  const [said = "", ...more] = saidOf(PRICES, BUSY);
  assert.match(said, SAID);
  assert.deepEqual(more, []);
});
