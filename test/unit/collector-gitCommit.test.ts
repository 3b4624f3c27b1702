// Unit tests: the commit that is checked out, read from `.git` as git writes it, and null for everything else.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { gitCommit } from "../../src/collector/gitCommit.ts";

const place = mkdtempSync(join(tmpdir(), "darcy git "));
after(() => rmSync(place, { recursive: true }));
const A = "a".repeat(40);
const B = "b".repeat(40);

let count = 0;
/** A folder two deep in a tree of these files. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = join(place, String(count++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const folder = join(root, "work", "src");
  mkdirSync(folder, { recursive: true });
  return folder;
}

const CASES: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string | null]>> = {
  "a branch": [{ ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": `${A}\n` }, A],
  "a packed branch": [
    {
      ".git/HEAD": "ref: refs/heads/topic/x\n",
      ".git/packed-refs": `# pack-refs with: peeled fully-peeled sorted\n${B} refs/heads/topic\n${A} refs/heads/topic/x\n`,
    },
    A,
  ],
  "a loose branch before a packed one": [
    {
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/refs/heads/main": `${A}\n`,
      ".git/packed-refs": `${B} refs/heads/main\n`,
    },
    A,
  ],
  "no branch": [{ ".git/HEAD": `${B}\n` }, B],
  "a worktree": [
    {
      "work/.git": "gitdir: ../main/.git/worktrees/other\n",
      "main/.git/worktrees/other/HEAD": "ref: refs/heads/w\n",
      "main/.git/worktrees/other/commondir": "../..\n",
      "main/.git/refs/heads/w": `${A}\n`,
      "main/.git/HEAD": `${B}\n`,
    },
    A,
  ],
  "a branch without a commit": [{ ".git/HEAD": "ref: refs/heads/main\n" }, null],
  "a head that is none": [{ ".git/HEAD": "hello\n" }, null],
  "a ref that leads out": [{ ".git/HEAD": "ref: refs/../../secret\n", secret: A }, null],
  "a file that names nothing": [{ "work/.git": "gitdir: ../nowhere\n" }, null],
};
for (const [name, [files, expected]] of Object.entries(CASES))
  test(name, () => assert.equal(gitCommit(tree(files)), expected));
