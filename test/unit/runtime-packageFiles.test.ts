// What package.json files say of a program, whatever `process.argv` says it is.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, parse } from "node:path";
import { after, test } from "node:test";
import { foldersOf, isDeclared, isEsm } from "../../src/runtime/packageFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy-package-"));
after(() => rmSync(folder, { recursive: true }));

test("folders end at the root", () => {
  const folders = foldersOf(join(folder, "a.js"));
  assert.equal(folders[0], folder);
  assert.equal(folders.at(-1), parse(folder).root);
});

test("a program that is no file, or not even a text, is of no package", () => {
  const kept = [...process.argv];
  const cwd = process.cwd();
  process.chdir(folder);
  try {
    for (const entry of ["x", "", "-", "no/such/file", 7, null, undefined]) {
      (process.argv as unknown[])[1] = entry;
      assert.equal(isDeclared("no-such-package"), false);
    }
  } finally {
    process.chdir(cwd);
    process.argv.splice(0, process.argv.length, ...kept);
  }
});

test("a program is of the package around it", () => {
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  assert.equal(isEsm(join(folder, "inner", "a.js")), true);
  assert.equal(isEsm(join(dirname(folder), "a.cjs")), false);
});
