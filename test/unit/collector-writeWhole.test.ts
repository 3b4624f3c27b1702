// Unit tests: a file is there whole or as it was, and what is no file is not taken the place of.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tryWriting, writeWhole } from "../../src/collector/writeWhole.ts";

const posix = { skip: process.platform === "win32" };
const folder = mkdtempSync(join(tmpdir(), "darcy-whole-"));
after(() => rmSync(folder, { recursive: true }));

test("what fails on the way leaves the old file and nothing beside it", async () => {
  const file = join(folder, "a.html");
  writeFileSync(file, "old");
  const unwritable = 1 as unknown as Uint8Array;
  await assert.rejects(writeWhole(file, [Buffer.from("half"), unwritable]));
  assert.equal(readFileSync(file, "utf8"), "old");
  assert.deepEqual(readdirSync(folder), ["a.html"]);
  await writeWhole(file, [Buffer.from("all "), Buffer.from("of it")]);
  assert.equal(readFileSync(file, "utf8"), "all of it");
  assert.deepEqual(readdirSync(folder), ["a.html"]);
});

test("of a link its file is replaced, with the file's own permissions", posix, async () => {
  mkdirSync(join(folder, "far"));
  const [link, file] = [join(folder, "link"), join(folder, "far", "file")];
  writeFileSync(file, "old");
  chmodSync(file, 0o600);
  symlinkSync(file, link);
  await tryWriting(link);
  await writeWhole(link, [Buffer.from("new")]);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(file, "utf8"), "new");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(folder, "far")), ["file"]);
});

test("a pipe stays one, and gets all", posix, async () => {
  const pipe = join(folder, "pipe");
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  await tryWriting(pipe);
  const [text] = await Promise.all([readFile(pipe, "utf8"), writeWhole(pipe, [Buffer.from("through")])]);
  assert.equal(text, "through");
  assert.ok(lstatSync(pipe).isFIFO());
});

test("a folder is none", async () => {
  await assert.rejects(tryWriting(folder), { code: "EISDIR" });
  await assert.rejects(writeWhole(folder, []), { code: "EISDIR" });
});
