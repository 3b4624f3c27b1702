// Unit tests: which measured file a document shows, and whether its repository is at another commit than was measured.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Address, documentKey, fileKey } from "../../src/views/editor/documentPath.ts";
import { OtherCommit } from "../../src/views/editor/otherCommit.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "darcy documents ")));
after(() => rmSync(folder, { recursive: true }));

const uri = (scheme: string, path: string, authority = ""): Address => ({ scheme, authority, path });

test("a document is the file of its path where the server ran", () => {
  const key = (address: Address, root: Address | null = null) => documentKey(address, root, "/app");
  assert.equal(key(uri("file", "/app/src/place.ts")), fileKey("/app/src/place.ts"));
  assert.equal(
    key(uri("vscode-remote", "/app/src/place.ts", "ssh-remote+box")),
    fileKey("/app/src/place.ts"),
  );
  const shop = uri("vscode-vfs", "/acme/shop", "github");
  assert.equal(
    key(uri("vscode-vfs", "/acme/shop/src/place.ts", "github"), shop),
    fileKey("/app/src/place.ts"),
  );
  const windows = documentKey(uri("vscode-vfs", "/acme/shop/src/place.ts", "github"), shop, "C:\\app");
  assert.equal(windows, fileKey("C:\\app\\src\\place.ts"));
});

test("what is no file that ran has no marks", () => {
  for (const scheme of ["git", "gitlens", "output", "untitled", "vscode-userdata", "darcy"])
    assert.equal(documentKey(uri(scheme, "/app/src/place.ts"), null, "/app"), null, scheme);
  const other = uri("vscode-vfs", "/acme/shop", "github");
  assert.equal(documentKey(uri("vscode-vfs", "/acme/shop/a.ts", "azurerepos"), other, "/app"), null);
});

test("Windows: drives in either case and shares, as Node and as VS Code have them", () => {
  assert.equal(documentKey(uri("file", "/c:/app/place.ts"), null, ""), fileKey("C:\\app\\place.ts"));
  assert.equal(
    documentKey(uri("file", "/share/place.ts", "box"), null, ""),
    fileKey("\\\\box\\share\\place.ts"),
  );
  assert.notEqual(fileKey("C:\\app\\place.ts"), fileKey("D:\\app\\place.ts"));
});

/** As git writes it. */
function checkOut(root: string, letter: string): string {
  const hash = letter.repeat(40);
  mkdirSync(join(root, ".git", "refs", "heads"), { recursive: true });
  writeFileSync(join(root, ".git", "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(root, ".git", "refs", "heads", "main"), `${hash}\n`);
  return hash;
}

test("a repository within another is asked for its own commit, and only it", () => {
  const outer = join(folder, "outer");
  const inner = join(outer, "packages", "inner");
  const [a, b] = [checkOut(outer, "a"), checkOut(inner, "b")];
  let clock = 0;
  const other = new OtherCommit(
    () => false,
    () => clock,
  );
  // The server ran in the inner one: its files are as measured, whatever the outer one is at.
  assert.equal(other.measured(b, inner, join(inner, "file.js")), null);
  assert.equal(other.measured(b, inner, join(outer, "file.js")), null);
  const later = checkOut(inner, "c");
  clock += 11_000;
  assert.equal(other.measured(b, inner, join(inner, "file.js")), b);
  assert.equal(other.measured(later, inner, join(inner, "file.js")), null);
  // The server ran in the outer one: of the inner one's commits nothing was recorded.
  assert.equal(other.measured(a, outer, join(inner, "file.js")), null);
  checkOut(outer, "d");
  clock += 11_000;
  assert.equal(other.measured(a, outer, join(outer, "file.js")), a);
});

test("one repository by two paths; no repository; nothing recorded", () => {
  const place = join(folder, "linked");
  mkdirSync(join(place, "src"), { recursive: true });
  checkOut(place, "b");
  const first = "a".repeat(40);
  symlinkSync(place, join(folder, "link"), "junction");
  const other = new OtherCommit((path) => path === join(folder, "link"));
  assert.equal(other.measured(first, join(folder, "link"), join(place, "src", "x.js")), first);
  const strict = new OtherCommit(() => false);
  assert.equal(strict.measured(first, join(folder, "link"), join(place, "src", "x.js")), null);
  assert.equal(strict.measured(first, join(place, "src"), join(place, "x.js")), first);
  assert.equal(other.measured(null, place, join(place, "file.js")), null);
  assert.equal(other.measured(first, place, join(tmpdir(), "nowhere", "file.js")), null);
  assert.equal(other.measured(first, "", join(place, "file.js")), null);
});
