// Unit tests: the thread that has a recording open answers as the model does, and says what is wrong with a file.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { packProfile } from "../../src/collector/packProfile.ts";
import { writeProfile } from "../../src/collector/profileFile.ts";
import { UserError } from "../../src/common/errors.ts";
import { compareProfiles } from "../../src/model/compare/compare.ts";
import { viewOf } from "../../src/model/compare/view.ts";
import { useWords } from "../../src/model/l10n.ts";
import { toReport } from "../../src/model/report.ts";
import { Analysis, askOnce, frontInThread } from "../../src/recording/analysis/analysis.ts";
import { listed } from "../../src/recording/analysis/listed.ts";
import { figuresOf } from "../../src/recording/figures.ts";
import { frontOf } from "../../src/recording/front.ts";
import { formatComparisonMarkdown } from "../../src/report/compareMarkdown.ts";
import { formatMarkdown } from "../../src/report/markdown.ts";
import { compareAnswer, explainHotspot, listHotspots } from "../../src/tools/answers.ts";
import { type Built, buildBundles } from "./built.ts";
import { knownRun } from "./knownPair.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy analysis "));
const PROFILE = knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500, 30: 100 } });
const file = join(folder, "run.darcy");
let built: Built;
let thread: string;
before(async () => {
  built = await buildBundles("analysis");
  thread = join(built.folder, "analysis.js");
  await writeProfile(file, PROFILE);
});
after(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

test("figures of all and of a span, and details, are the model's", async () => {
  const analysis = new Analysis(thread);
  try {
    const opened = await analysis.ask("open", { file });
    assert.deepEqual(opened, {
      elapsedMs: (PROFILE.endedMicros - PROFILE.startedMicros) / 1_000,
      cwd: PROFILE.cwd,
    });
    const parts = { fromMs: 0, toMs: 3_000 };
    for (const range of [null, parts, null]) {
      const expected = figuresOf(PROFILE, 0, range);
      const [figures, { details }] = [listed(expected), expected];
      assert.deepEqual(await analysis.ask("figures", { range }), figures);
      const [site] = figures.report.hotspots;
      assert.ok(site !== undefined);
      for (const view of ["callers", "flame", "grid"] as const)
        assert.deepEqual(await analysis.ask("details", { range, site, view }), details(site, view));
    }
  } finally {
    analysis.dispose();
  }
});

test("in the user's language: findings are said in it, and in English for others", async () => {
  const bundle = join(__dirname, "..", "..", "l10n", "bundle.l10n.de.json");
  const words = JSON.parse(readFileSync(bundle, "utf8")) as Record<string, string>;
  const analysis = new Analysis(thread, { words, locale: "de-DE" });
  try {
    await analysis.ask("open", { file });
    const figures = await analysis.ask("figures", { range: null });
    const english = figuresOf(PROFILE, 0).report.findings;
    assert.ok(english.length > 0);
    assert.deepEqual(figures.englishFindings, english);
    assert.equal(figures.report.findings.length, english.length);
    assert.notEqual(figures.report.findings[0]?.title, english[0]?.title);
    assert.equal(figures.scope.label, "Whole session");
  } finally {
    analysis.dispose();
  }
});

test("a front that was made in a thread is the same as one that was not", async () => {
  const packed = gzipSync(JSON.stringify(PROFILE));
  const fail = (error: unknown) => assert.fail(String(error));
  const made = await frontInThread(thread, packed, fail);
  assert.equal(Buffer.compare(made, await frontOf(PROFILE, packed)), 0);
});

test("what is made of whole recordings is the same in a thread", async () => {
  const other = join(folder, "now.darcy");
  const now = knownRun({ copied: 400, handOffs: 4, waits: { 20: 500 } });
  await writeProfile(other, now);
  const two = { before: file, after: other };
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  const cwds = [now.cwd, PROFILE.cwd];
  assert.deepEqual(await askOnce(thread, "compared", two), { ...viewOf(PROFILE, now), cwds });
  const review = await askOnce(thread, "comparedText", { ...two, reader: "review" });
  assert.equal(review, formatComparisonMarkdown(compareProfiles(PROFILE, now), { cwd: now.cwd }));
  const told = await askOnce(thread, "comparedText", { ...two, reader: "model" });
  assert.equal(told, compareAnswer(compareProfiles(PROFILE, now), now.cwd));
  const whole = { report: figuresOf(PROFILE, 0).report, cwd: PROFILE.cwd };
  assert.deepEqual(await askOnce(thread, "report", { file }), whole);
  const report = toReport(PROFILE);
  const list = await askOnce(thread, "hotspots", { file, top: 3, category: "copies" });
  assert.equal(list, listHotspots(report, 3, "copies"));
  assert.equal(await askOnce(thread, "hotspot", { file, rank: 1 }), explainHotspot(report, 1));
  assert.equal(await askOnce(thread, "hotspot", { file, rank: 99_999 }), null);
  const markdown = formatMarkdown(report, { cwd: PROFILE.cwd });
  const packed = await packProfile(PROFILE);
  for (const recording of [{ file }, { packed }]) {
    const ask = { recording, format: "markdown", name: "run.darcy", distFolder: built.folder } as const;
    assert.equal(text(await askOnce(thread, "exported", ask)), markdown);
  }
});

test("in the user's language a front is English all the same, a comparison is not", async () => {
  const bundle = join(__dirname, "..", "..", "l10n", "bundle.l10n.de.json");
  const other = join(folder, "other.darcy");
  const now = knownRun({ copied: 400, handOffs: 4, waits: { 20: 500, 30: 100 } });
  await writeProfile(other, now);
  useWords(JSON.parse(readFileSync(bundle, "utf8")) as Record<string, string>);
  try {
    const packed = await packProfile(PROFILE);
    const made = await frontInThread(thread, packed, (error) => assert.fail(String(error)));
    const { comparison } = await askOnce(thread, "compared", { before: file, after: other });
    useWords(null);
    assert.equal(Buffer.compare(made, await frontOf(PROFILE, packed)), 0);
    const english = compareProfiles(PROFILE, now).findings;
    assert.equal(comparison?.findings.length, english.length);
    assert.ok(english.length > 0);
    assert.notDeepEqual(comparison?.findings, english);
  } finally {
    useWords(null);
  }
});

test("a question that is canceled ends with its thread, and a save leaves what was there", async () => {
  const canceling = new AbortController();
  const asked = askOnce(thread, "compared", { before: file, after: file }, canceling.signal);
  canceling.abort();
  await assert.rejects(asked, /was ended/);
  await assert.rejects(askOnce(thread, "report", { file }, canceling.signal), { name: "AbortError" });
  const saving = new AbortController();
  const place = mkdtempSync(join(folder, "saved "));
  const target = join(place, "kept.darcy");
  writeFileSync(target, "as it was");
  const saved = writeProfile(
    target,
    PROFILE,
    (packed) => {
      saving.abort();
      return frontInThread(thread, packed, (error) => assert.fail(String(error)), saving.signal);
    },
    saving.signal,
  );
  await assert.rejects(saved, { name: "AbortError" });
  assert.deepEqual(readdirSync(place), ["kept.darcy"]);
  assert.equal(readFileSync(target, "utf8"), "as it was");
});

test("a file that is none is refused in words; what cannot be made leaves the file without a front", async () => {
  const odd = join(folder, "odd.darcy");
  writeFileSync(odd, "hello");
  const analysis = new Analysis(thread);
  await assert.rejects(
    analysis.ask("open", { file: odd }),
    (error) =>
      error instanceof UserError && /not a Darcy recording/.test(error.message) && error.remedy !== "",
  );
  await assert.rejects(analysis.ask("figures", { range: null }), /No recording is open/);
  const asked = analysis.ask("open", { file });
  analysis.dispose();
  await assert.rejects(asked, /was ended/);
  await assert.rejects(analysis.ask("open", { file }), /was ended/);
  const faults: unknown[] = [];
  const none = await frontInThread(thread, Buffer.from("hello"), (error) => faults.push(error));
  assert.equal(none.length, 0);
  assert.equal(faults.length, 1);
});
