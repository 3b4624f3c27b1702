// Unit tests: the thread that has a recording open answers as the model does, and says what is wrong with a file.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { writeProfile } from "../../src/collector/profileFile.ts";
import { UserError } from "../../src/common/errors.ts";
import { Analysis, frontInThread } from "../../src/recording/analysis/analysis.ts";
import { listed } from "../../src/recording/analysis/listed.ts";
import { figuresOf } from "../../src/recording/figures.ts";
import { frontOf } from "../../src/recording/front.ts";
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
  const analysis = new Analysis(thread);
  try {
    await analysis.ask("open", { file, language: { words, locale: "de-DE" } });
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
