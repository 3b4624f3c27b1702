// Unit tests: the runner of node:test's files: what fails twice has failed, what passes once more is named.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { runSuites } from "../../scripts/suites.mjs";

const folder = mkdtempSync(join(tmpdir(), "darcy-suites-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const { NODE_TEST_CONTEXT: _, ...env } = process.env;

function suite(name: string, body: string): string {
  const file = join(folder, name);
  writeFileSync(file, `const { test } = require("node:test");\n${body}\n`);
  return file;
}

function run(files: readonly string[], again: boolean) {
  return runSuites(files, { options: [], env, cwd: resolve(import.meta.dirname, "../.."), again });
}

test("a test that fails only the first time passes, and is named", () => {
  const seen = JSON.stringify(join(folder, "seen"));
  const flaky = suite(
    "flaky.test.js",
    `const fs = require("node:fs");
     test("sometimes", () => { if (!fs.existsSync(${seen})) { fs.writeFileSync(${seen}, ""); throw new Error("late"); } });`,
  );
  const fine = suite("fine.test.js", `test("always", () => {});`);
  const { passed, failed, remarks } = run([flaky, fine], true);
  assert.deepEqual([passed, failed], [2, 0]);
  assert.match(remarks.join("\n"), /^failed at first: .*sometimes: late$/);
});

test("another test of its file that fails only the second time passes, and is named", () => {
  const seen = JSON.stringify(join(folder, "turns"));
  const turns = suite(
    "turns.test.js",
    `const fs = require("node:fs");
     const second = fs.existsSync(${seen});
     fs.writeFileSync(${seen}, "");
     test("the first time", () => { if (!second) throw new Error("one"); });
     test("the second time", () => { if (second) throw new Error("two"); });`,
  );
  const { passed, failed, remarks } = run([turns], true);
  assert.deepEqual([passed, failed], [2, 0]);
  assert.match(
    remarks.join("\n"),
    /failed at first: .*the first time: one\nfailed the second time only: .*two$/,
  );
});

test("a file that fails one way and then another has failed", () => {
  const seen = JSON.stringify(join(folder, "crash"));
  const crash = suite(
    "crash.test.js",
    `const fs = require("node:fs");
     if (fs.existsSync(${seen})) throw new Error("crash");
     fs.writeFileSync(${seen}, "");
     test("never", () => { throw new Error("broken"); });`,
  );
  const { failed, remarks } = run([crash], true);
  assert.equal(failed, 1);
  assert.match(remarks.join("\n"), /failed once more: /);
});

test("a test that fails twice has failed, with its reason; without `again` one run decides", () => {
  const broken = suite("broken.test.js", `test("never", () => { throw new Error("broken"); });`);
  for (const again of [true, false]) {
    const { passed, failed, remarks } = run([broken], again);
    assert.deepEqual([passed, failed], [0, 1]);
    assert.match(remarks.join("\n"), /never: broken/);
  }
});

test("npm's scripts run in any shell", () => {
  const { scripts } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
  const settings = Object.entries(scripts as Record<string, string>).filter(([, line]) =>
    /(?:^|&& *)\w+=/.test(line),
  );
  assert.deepEqual(settings, [], "cmd.exe sets no variable in front of a command");
});
