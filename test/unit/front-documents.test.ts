// Unit tests: which measured file a document shows, and whether its repository is at another commit than was measured.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Address, documentKey } from "../../src/views/editor/documentPath.ts";
import { OtherCommit } from "../../src/views/editor/otherCommit.ts";
import { cwdOf, type Disk, fileKey, findLocal, waysTo } from "../../src/views/localPlace.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "darcy documents ")));
after(() => rmSync(folder, { recursive: true }));

const uri = (scheme: string, path: string, authority = ""): Address => ({ scheme, authority, path });

test("a document is the file of its path where the server ran", () => {
  assert.equal(documentKey(uri("file", "/app/src/place.ts")), fileKey("/app/src/place.ts"));
  const remote = uri("vscode-remote", "/app/src/place.ts", "ssh-remote+box");
  assert.equal(documentKey(remote), fileKey("/app/src/place.ts"));
  for (const scheme of ["git", "gitlens", "output", "untitled", "vscode-userdata", "darcy", "vscode-vfs"])
    assert.equal(documentKey(uri(scheme, "/app/src/place.ts")), null, scheme);
});

test("Windows: drives in either case and shares, as Node and as VS Code have them", () => {
  assert.equal(documentKey(uri("file", "/c:/app/place.ts")), fileKey("C:\\app\\place.ts"));
  assert.equal(documentKey(uri("file", "/share/place.ts", "box")), fileKey("\\\\box\\share\\place.ts"));
  assert.notEqual(fileKey("C:\\app\\place.ts"), fileKey("D:\\app\\place.ts"));
});

/** @param files those that there are */
function disk(folders: readonly string[], ...files: string[]): Disk<string> & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    folders: folders.map((at) => ({ at, path: at })),
    recorded: (file) => file,
    join: (above, names) => [above, ...names].join("/"),
    isFile: async (at) => {
      asked.push(at);
      return files.includes(at);
    },
  };
}

test("a recording from elsewhere: its files are those of the workspace by the same way from where the server ran", async () => {
  const shop = disk(["/home/me/shop"], "/home/me/shop/src/list.js");
  assert.deepEqual(await findLocal("/app/src/list.js", "/app", shop), {
    file: "/home/me/shop/src/list.js",
    cwd: "/home/me/shop",
  });
  assert.deepEqual(await findLocal("D:\\ci\\shop\\src\\list.js", "d:\\ci\\shop\\", shop), {
    file: "/home/me/shop/src/list.js",
    cwd: "/home/me/shop",
  });
  assert.equal(await findLocal("/app/src/gone.js", "/app", shop), null);
});

test("the file at its recorded place comes first", async () => {
  const both = disk(["/home/me/shop"], "/app/src/list.js", "/home/me/shop/src/list.js");
  assert.deepEqual(await findLocal("/app/src/list.js", "/app", both), {
    file: "/app/src/list.js",
    cwd: null,
  });
});

test("of several folders the one that has it, first the one that is called as where the server ran", async () => {
  const folders = ["/me/web", "/me/api", "/me/lib"];
  const find = async (...files: string[]) =>
    (await findLocal("/ci/repo/api/src/a.js", "/ci/repo/api", disk(folders, ...files)))?.file;
  assert.equal(await find("/me/lib/src/a.js"), "/me/lib/src/a.js");
  assert.equal(await find("/me/web/src/a.js", "/me/lib/src/a.js"), "/me/web/src/a.js");
  assert.equal(await find("/me/web/src/a.js", "/me/api/src/a.js"), "/me/api/src/a.js");
});

test("a workspace that is more than the server's folder: also by the way from the folders above", async () => {
  const cwd = "/ci/repo/packages/api";
  const repository = disk(["/me/repo"], "/me/repo/packages/api/a.js", "/me/repo/packages/shared/b.js");
  assert.deepEqual(await findLocal(`${cwd}/a.js`, cwd, repository), {
    file: "/me/repo/packages/api/a.js",
    cwd: "/me/repo/packages/api",
  });
  assert.deepEqual(await findLocal("/ci/repo/packages/shared/b.js", cwd, repository), {
    file: "/me/repo/packages/shared/b.js",
    cwd: "/me/repo/packages/api",
  });
});

test("no name of a recording leads out of the workspace's folders", async () => {
  for (const file of [
    "/app/../../etc/passwd",
    "/app/src/./a.js",
    "../a.js",
    "node:fs",
    "",
    "/app/",
    "C:/../x.js",
  ])
    assert.deepEqual(
      waysTo(file, "/app").filter(({ file: names }) => names.some((name) => /^\.*$/.test(name))),
      [],
    );
  assert.deepEqual(waysTo("/app/../secret", "/app"), []);
  assert.deepEqual(waysTo("/app/a.js", "/app/.."), []);
  assert.deepEqual(waysTo("/app/a.js", ""), []);
  // A drive is no folder.
  const ways = waysTo("C:\\a\\b.js", "C:\\c").map(({ file }) => file.join("/"));
  assert.deepEqual(ways, ["a/b.js"]);
  const other = disk(["/me/shop"]);
  await findLocal("/app/../../etc/passwd", "/app", other);
  assert.deepEqual(other.asked, ["/app/../../etc/passwd"]);
});

test("a comparison's place is of the recording whose folder it is in", () => {
  assert.equal(cwdOf("/app/src/a.js", ["/home/me/shop", "/app"]), "/app");
  assert.equal(cwdOf("/home/me/shop/src/a.js", ["/home/me/shop", "/app"]), "/home/me/shop");
  assert.equal(cwdOf("/usr/lib/a.js", ["/home/me/shop", "/app"]), "/home/me/shop");
  assert.equal(cwdOf("/app/a.js", []), "");
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
