// Runtime tests: two real recordings of one server whose difference is known by construction, through the command line:
// compare, check, export, and reports in Markdown.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Comparison, HotspotChange } from "../../src/protocol/comparison.ts";
import { type Built, buildBundles } from "../unit/built.ts";
import { fixture } from "./recordProgram.ts";

const SERVER = fixture("compared.cjs");
const folder = mkdtempSync(join(tmpdir(), "darcy compared "));
const DEADLINE_MS = 180_000;
const COPIED = 40_000;
let built: Built;

function darcy(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve, reject) => {
    execFile(
      process.execPath,
      [join(built.folder, "cli.js"), ...words],
      { cwd: folder, env: { ...process.env, ...environment }, timeout: DEADLINE_MS, maxBuffer: 2 ** 28 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== "number") reject(error);
        else resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
  });
}

async function record(name: string, copied: number, reads: number): Promise<void> {
  const options = "--workers 1 --warmup 1 --duration 3 --load / --connections 4 --rate 100";
  const { code, stderr } = await darcy(
    ["record", ...options.split(" "), "--out", name, "--", process.execPath, SERVER],
    { PORT: "0", COPIED: String(copied), READS: String(reads) },
  );
  assert.equal(code, 0, stderr);
}

before(async () => {
  built = await buildBundles("cli", "preload", "calibrate", "load");
  await record("before.darcy", COPIED, 1);
  await record("after.darcy", COPIED / 4, 3);
});
after(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

const lineOf = (words: string) =>
  readFileSync(SERVER, "utf8")
    .split("\n")
    .findIndex((line) => line.includes(words)) + 1;

test("compare finds what changed, by how much, and what did not", async () => {
  const { code, stdout } = await darcy(["compare", "before.darcy", "after.darcy", "--format", "json"]);
  assert.equal(code, 0);
  const { totals, hotspots, findings } = JSON.parse(stdout) as Comparison;
  const change = (words: string, kind: string): HotspotChange =>
    hotspots.find((each) => {
      const spot = each.after ?? each.before;
      return spot?.line === lineOf(words) && spot.kind === kind;
    }) ?? assert.fail(`no ${kind} at ${words}`);
  const copy = change("the copy that changes", "copy");
  assert.equal(copy.verdict, "less");
  assert.ok(Math.abs((copy.perRequest.ratio ?? 0) + 0.75) < 0.05, JSON.stringify(copy.perRequest));
  assert.equal(change("the one that does not", "serialise").verdict, "unclear");
  const reads = change("fs.promises.stat", "round trip");
  assert.equal(reads.verdict, "more");
  assert.ok(Math.abs((reads.perRequest.ratio ?? 0) - 2) < 0.2, JSON.stringify(reads.perRequest));
  assert.equal(totals.copies.perRequest.verdict, "less");
  assert.equal(totals.switches.events.verdict, "more");
  assert.deepEqual(
    findings.map(({ claim, locations }) => [claim, locations.map(({ line }) => line)]),
    [["D7", [lineOf("fs.promises.stat")]]],
  );
});

test("the other way round it says the opposite, and a recording against itself nothing", async () => {
  const { stdout } = await darcy(["compare", "after.darcy", "before.darcy", "--format", "json"]);
  const { totals, findings } = JSON.parse(stdout) as Comparison;
  assert.deepEqual(
    [totals.copies.perRequest.verdict, totals.switches.events.verdict, findings],
    ["more", "less", []],
  );
  const same = await darcy(["compare", "before.darcy", "before.darcy"]);
  assert.equal(same.code, 0);
  assert.doesNotMatch(same.stdout, /^(?:More|Less) /m);
  assert.match(same.stdout, /^No clear change /m);
});

test("compare as text and Markdown, and of a file that is not there", async () => {
  const text = await darcy(["compare", "before.darcy", "after.darcy"]);
  assert.match(text.stdout, /A copy was traded for a hand-off\./);
  const markdown = await darcy(["compare", "before.darcy", "after.darcy", "--format", "markdown"]);
  assert.match(markdown.stdout, /^\| Copies \| .* \| clear \|$/m);
  const missing = await darcy(["compare", "before.darcy", "none.darcy"]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /none\.darcy does not exist\.\nCheck its name\./);
});

test("check passes a budget that holds, and fails the build on one that is broken", async () => {
  const budget = {
    schema: "darcy-budget/1",
    most: { copies: "30 KB", handOffs: 10 },
    least: { requests: 50 },
  };
  writeFileSync(join(folder, "budget.json"), JSON.stringify(budget));
  const holds = await darcy(["check", "after.darcy", "--budget", "budget.json"]);
  assert.equal(holds.code, 0, holds.stdout + holds.stderr);
  assert.match(holds.stdout, /All 3 limits hold\./);
  const broken = await darcy(["check", "before.darcy", "--budget", "budget.json", "--format", "json"]);
  assert.equal(broken.code, 1);
  const { ok, limits } = JSON.parse(broken.stdout) as {
    ok: boolean;
    limits: { name: string; ok: boolean }[];
  };
  assert.equal(ok, false);
  assert.deepEqual(
    limits.filter((limit) => !limit.ok).map(({ name }) => name),
    ["copies"],
  );
  writeFileSync(join(folder, "wrong.json"), JSON.stringify({ ...budget, most: { copis: 1 } }));
  const wrong = await darcy(["check", "after.darcy", "--budget", "wrong.json"]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /Is it "copies"\?/);
});

test("exports stand beside the recording or go where they are sent", async () => {
  const pprof = await darcy(["export", "before.darcy", "--format", "pprof"]);
  assert.equal(pprof.code, 0, pprof.stderr);
  assert.ok(gunzipSync(readFileSync(join(folder, "before.pb.gz"))).includes("compared.cjs"));
  const speedscope = await darcy(["export", "before.darcy", "--format", "speedscope", "--out", "-"]);
  assert.equal((JSON.parse(speedscope.stdout) as { name: string }).name, "before");
  const nowhere = await darcy(["export", "before.darcy", "--format", "pprof", "--out", "none/x.pb.gz"]);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /The folder .*none does not exist/);
  const markdown = await darcy(["report", "before.darcy", "--format", "markdown"]);
  assert.match(markdown.stdout, /^## Hotspots$/m);
});
