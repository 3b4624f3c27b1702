// Runtime: NODE_OPTIONS of a file that `--env-file` names. Node takes them only where the environment has none, and ours are there:
// so the process becomes itself once more, with both, before any of the user's code has run.

import { accessSync, constants, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { envFilesIn } from "../protocol/envFiles.ts";
import { isMainThread } from "./threadIdentity.ts";

type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;

/** Where nothing but our own `--require` stands, Node would have taken the file's. */
const OURS_ALONE = /^--require (?:"(?:[^"\\]|\\.)*"|[^\s"]+)$/;

const options = fileOptions();

/** Whether they are in place; undefined: there are none. */
export const hasFileOptions =
  options === null ? undefined : (process.env.NODE_OPTIONS ?? "").startsWith(options);

/** Does not return where they are missing and can be added unseen: same process, same words, same standard streams. */
export function addFileOptions(): void {
  const ours = process.env.NODE_OPTIONS?.trim() ?? "";
  // Node 22.15 and 24 have it; not on Windows.
  const { execve } = process as { execve?: Execve };
  if (options === null || !isMainThread || !OURS_ALONE.test(ours) || typeof execve !== "function") return;
  try {
    if (!canBecomeItself()) return;
    // It would end the process if that file could not be run.
    accessSync(process.execPath, constants.X_OK);
    execve(process.execPath, ownWords(), { ...process.env, NODE_OPTIONS: `${options} ${ours}` });
  } catch {
    // Not Linux, or not permitted: the collector says that they are missed.
  }
}

function fileOptions(): string | null {
  let last: string | null = null;
  for (const path of envFilesIn(process.execArgv)) {
    try {
      // As in Node, of several files the later ones count.
      const found = parseEnv(readFileSync(resolve(path), "utf8")).NODE_OPTIONS?.trim() ?? "";
      if (found !== "") last = found;
    } catch {
      // --env-file-if-exists, or a Node without parseEnv (20.12).
    }
  }
  return last;
}

/** A debugger that has come, a channel to a parent and inherited files would be lost. Only Linux tells of files. */
function canBecomeItself(): boolean {
  if (process.send !== undefined || process.env.LISTEN_FDS !== undefined) return false;
  if (process.execArgv.some((word) => word.startsWith("--inspect"))) return false;
  // Node's first own file is its event loop's, and takes the lowest number that is free.
  if (!readlinkSync("/proc/self/fd/3").startsWith("anon_inode:")) return false;
  return readdirSync("/proc/self/fd").every((name) => Number(name) <= 2 || isNodesOwn(name));
}

function isNodesOwn(name: string): boolean {
  try {
    return /^(?:anon_inode|pipe):/.test(readlinkSync(`/proc/self/fd/${name}`));
  } catch {
    // That of the listing itself.
    return true;
  }
}

/** As the process was started with them. @throws Error where they are no UTF-8 */
function ownWords(): string[] {
  const bytes = readFileSync("/proc/self/cmdline");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).split("\0").slice(0, -1);
}
