// Collector: the commit that a folder's files are checked out at, read from `.git` itself: no git is run. What is changed
// beside it is not known.

import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const MAX_BYTES = 4 * 1024 * 1024;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Null outside a repository, before its first commit, or where its refs are kept in another form (reftable). */
export function gitCommit(folder: string): string | null {
  try {
    const git = gitFolder(folder)?.git;
    if (git === undefined) return null;
    const head = read(join(git, "HEAD")).trim();
    const ref = /^ref: (refs\/[^\0]+)$/.exec(head)?.[1];
    if (ref === undefined) return HASH.test(head) ? head : null;
    if (ref.split("/").includes("..")) return null;
    return looseRef(git, ref) ?? packedRef(commonFolder(git), ref);
  } catch {
    return null;
  }
}

/** Where the checkout that holds a folder begins, as the folder spells it and without links; null outside a repository. */
export function gitRoot(folder: string): { readonly spelled: string; readonly real: string } | null {
  try {
    const root = gitFolder(folder)?.root;
    return root === undefined ? null : { spelled: root, real: realpathSync(root) };
  } catch {
    return null;
  }
}

/** The nearest `.git` upwards; of a worktree or submodule it is a file that names the folder. */
function gitFolder(from: string): { readonly root: string; readonly git: string } | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const git = join(folder, ".git");
    const found = statSync(git, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return { root: folder, git };
    if (found?.isFile() === true) {
      const named = /^gitdir: (.+)$/m.exec(read(git))?.[1]?.trim();
      // A checkout's own file may not send us to another machine.
      if (named === undefined || /^[\\/]{2}/.test(named)) return null;
      return { root: folder, git: resolve(folder, named) };
    }
    if (dirname(folder) === folder) return null;
  }
}

/** Where a worktree's branches are. */
function commonFolder(git: string): string {
  try {
    return resolve(git, read(join(git, "commondir")).trim());
  } catch {
    return git;
  }
}

function looseRef(git: string, ref: string): string | null {
  for (const folder of new Set([git, commonFolder(git)])) {
    try {
      const hash = read(join(folder, ref)).trim();
      if (HASH.test(hash)) return hash;
    } catch {
      // Packed, or not there.
    }
  }
  return null;
}

function packedRef(git: string, ref: string): string | null {
  for (const line of read(join(git, "packed-refs")).split("\n")) {
    const [hash = "", name] = line.trim().split(" ");
    if (name === ref && HASH.test(hash)) return hash;
  }
  return null;
}

function read(file: string): string {
  if (statSync(file).size > MAX_BYTES) throw new RangeError("too large");
  return readFileSync(file, "utf8");
}
