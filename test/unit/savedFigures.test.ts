// Unit tests: a saved recording that is open: one question at a time, the newest wish counts; what fails can be asked again, and a
// file that was saved over is not mixed with what it was.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readProfile, writeProfile } from "../../src/collector/profileFile.ts";
import type { Profile } from "../../src/model/profile.ts";
import type { QuestionName, Questions } from "../../src/recording/analysis/messages.ts";
import { type Figures, figuresOf } from "../../src/recording/figures.ts";
import { frontOf } from "../../src/recording/front.ts";
import { SavedFigures } from "../../src/recording/savedFigures.ts";
import { knownRun } from "./knownPair.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy saved "));
after(() => rmSync(folder, { recursive: true }));

const RUN = knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500 } });
const OTHER = knownRun({ copied: 40, handOffs: 7, cwd: "/other" });

async function save(name: string, profile: Profile, withFront = true): Promise<string> {
  const file = join(folder, name);
  if (withFront) await writeProfile(file, profile, (packed) => frontOf(profile, packed));
  else await writeProfile(file, profile);
  return file;
}

/** The thread's answers, in this one; each waits until it is let go where `held`. */
class Threads {
  readonly asked: string[] = [];
  readonly faults: Error[] = [];
  started = 0;
  disposed = 0;
  held = false;
  #waiting: (() => void)[] = [];

  readonly start = () => {
    this.started += 1;
    let profile: Profile | null = null;
    const answer = async (name: QuestionName, ask: unknown): Promise<unknown> => {
      this.asked.push(`${name} ${JSON.stringify((ask as { range?: unknown }).range ?? null)}`);
      if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      const fault = this.faults.shift();
      if (fault !== undefined) throw fault;
      if (name === "open") {
        profile = await readProfile((ask as Questions["open"]["ask"]).file);
        return { elapsedMs: 6_000, cwd: profile.cwd };
      }
      assert.ok(profile !== null);
      const { range, site, view } = ask as Questions["details"]["ask"];
      const figures: Figures = figuresOf(profile, 0, range);
      return name === "details" ? figures.details(site, view) : figures;
    };
    return {
      ask: answer as <K extends QuestionName>(
        name: K,
        ask: Questions[K]["ask"],
      ) => Promise<Questions[K]["answer"]>,
      dispose: () => {
        this.disposed += 1;
        this.letGo();
      },
    };
  };

  letGo(): void {
    this.held = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function opened(file: string) {
  const threads = new Threads();
  let working = Promise.resolve();
  const figures = new SavedFigures(file, threads.start, {
    changed: () => {},
    warn: () => {},
    working: (answered) => {
      working = answered;
    },
  });
  return { threads, figures, settled: () => working };
}
const span = (toMs: number) => ({ fromMs: 0, toMs });

test("a brush that asks faster than there are answers: only the newest span is computed after the one in flight", async () => {
  const { threads, figures, settled } = opened(await save("brush.darcy", RUN));
  await figures.open();
  assert.equal(threads.started, 0, "the front is enough");
  threads.held = true;
  for (let toMs = 1_000; toMs <= 5_000; toMs += 100) figures.setRange(span(toMs));
  const [site] = figures.figures?.report.hotspots ?? [];
  assert.ok(site !== undefined);
  for (const view of ["callers", "flame", "callers"] as const) figures.setDetails({ site, view });
  threads.letGo();
  await settled();
  const last = JSON.stringify(span(5_000));
  assert.deepEqual(threads.asked, ["open null", `figures ${last}`, `details ${last}`]);
  assert.deepEqual(figures.figures?.report, figuresOf(RUN, 0, span(5_000)).report);
  assert.equal(figures.details?.view, "callers");

  threads.asked.length = 0;
  threads.held = true;
  figures.setRange(span(2_000));
  // The first is asked, all others but the last come to nothing.
  await new Promise(setImmediate);
  for (const toMs of [3_000, 4_000, 4_500]) figures.setRange(span(toMs));
  threads.letGo();
  await settled();
  const [first, newest] = [JSON.stringify(span(2_000)), JSON.stringify(span(4_500))];
  assert.deepEqual(threads.asked, [`figures ${first}`, `figures ${newest}`, `details ${newest}`]);
  figures.dispose();
});

test("the whole shows at once, whatever is being computed", async () => {
  const { threads, figures, settled } = opened(await save("whole.darcy", RUN));
  await figures.open();
  const whole = figures.figures;
  figures.setRange(span(3_000));
  await settled();
  assert.notEqual(figures.figures, whole);
  threads.held = true;
  figures.setRange(span(2_000));
  await new Promise(setImmediate);
  figures.setRange(null);
  assert.equal(figures.figures, whole);
  threads.letGo();
  await settled();
  assert.equal(figures.figures, whole);
  figures.dispose();
});

test("what fails is said, the whole stands, and the next wish starts anew; a row that waits does not", async () => {
  const { threads, figures, settled } = opened(await save("fault.darcy", RUN));
  await figures.open();
  const whole = figures.figures;
  const fault = new Error("no memory");
  threads.faults.push(fault);
  figures.setRange(span(3_000));
  await settled();
  assert.equal(figures.failure, fault);
  assert.equal(figures.range, null);
  assert.equal(figures.figures, whole);
  assert.equal(threads.disposed, 1);
  figures.setRange(span(3_000));
  await settled();
  assert.equal(figures.failure, null);
  assert.deepEqual(figures.figures?.report, figuresOf(RUN, 0, span(3_000)).report);
  assert.equal(threads.started, 2);

  const [site] = whole?.report.hotspots ?? [];
  assert.ok(site !== undefined);
  threads.faults.push(fault);
  figures.setDetails({ site, view: "callers" });
  await settled();
  assert.equal(figures.failure, fault);
  const { length } = threads.asked;
  figures.setDetails({ site, view: "callers" });
  await settled();
  assert.equal(threads.asked.length, length, "not by itself");
  figures.setDetails(null);
  figures.setDetails({ site, view: "callers" });
  await settled();
  assert.equal(figures.failure, null);
  assert.equal(figures.details?.view, "callers");
  figures.dispose();
});

test("a file that was saved over: all is of the newer recording, from then on", async () => {
  const { figures, settled } = opened(await save("over.darcy", RUN));
  await figures.open();
  assert.equal(figures.facts.cwd, RUN.cwd);
  await save("over.darcy", OTHER);
  figures.setRange(span(3_000));
  await settled();
  assert.equal(figures.range, null, "a span of the other one is none of it");
  assert.equal(figures.facts.cwd, "/other");
  assert.deepEqual(figures.figures?.report, figuresOf(OTHER, 0).report);
  figures.setRange(span(3_000));
  await settled();
  assert.deepEqual(figures.figures?.report, figuresOf(OTHER, 0, span(3_000)).report);
  figures.setRange(null);
  assert.deepEqual(figures.figures?.report, figuresOf(OTHER, 0).report);
  figures.dispose();
});

test("a file that was saved over shows anew without a wish; one that is damaged or gone leaves what stands", async () => {
  for (const withFront of [true, false]) {
    const file = await save("anew.darcy", RUN, withFront);
    const { figures, settled } = opened(file);
    await figures.open();
    await figures.refresh();
    assert.deepEqual(figures.figures?.report, figuresOf(RUN, 0).report);
    figures.setRange(span(2_000));
    await settled();
    await save("anew.darcy", OTHER, withFront);
    await figures.refresh();
    assert.deepEqual(figures.figures?.report, figuresOf(OTHER, 0).report);
    assert.equal(figures.facts.cwd, "/other");
    assert.equal(figures.range, null);

    writeFileSync(file, "half a recording");
    await figures.refresh();
    assert.deepEqual(figures.figures?.report, figuresOf(OTHER, 0).report);
    assert.equal(figures.failure, null);
    rmSync(file);
    await figures.refresh();
    await save("anew.darcy", RUN, withFront);
    await figures.refresh();
    assert.deepEqual(figures.figures?.report, figuresOf(RUN, 0).report);
    figures.dispose();
  }
});

test("a wish in flight is answered before a file that was saved over shows anew", async () => {
  const file = await save("flight.darcy", RUN);
  const { threads, figures } = opened(file);
  await figures.open();
  threads.held = true;
  figures.setRange(span(2_000));
  await save("flight.darcy", OTHER);
  const anew = figures.refresh();
  threads.letGo();
  await anew;
  assert.equal(figures.failure, null);
  assert.deepEqual(figures.figures?.report, figuresOf(OTHER, 0).report);
});

test("closed while it opens: the thread ends", async () => {
  const { threads, figures } = opened(await save("closed.darcy", RUN, false));
  threads.held = true;
  const opening = figures.open();
  while (threads.started === 0) await new Promise(setImmediate);
  figures.dispose();
  await opening;
  assert.equal(threads.disposed, 1);
});
