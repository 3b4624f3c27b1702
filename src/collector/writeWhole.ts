// Collector: files that are there whole, or as they were before.

import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../common/errors.ts";

interface Place {
  /** Where a link leads to. */
  readonly path: string;
  /** Permissions of what is there, null for nothing. */
  readonly mode: number | null;
  /** A device or a pipe, which nothing may take the place of. */
  readonly special: boolean;
}

/** Tries it, before the work rather than after it; leaves nothing. @throws the system's error */
export async function tryWriting(file: string): Promise<void> {
  const { path, special } = await placeOf(file);
  if (special) return;
  const temporary = temporaryFor(path);
  await (await open(temporary, "w")).close();
  await rm(temporary);
}

/**
 * Writes beside the file and renames: a reader never sees half of it. A device or a pipe is written to as it is.
 * @throws the system's error; then the file is as it was, and nothing is left beside it
 */
export async function writeWhole(file: string, parts: readonly Uint8Array[]): Promise<void> {
  const { path, mode, special } = await placeOf(file);
  if (special) return write(path, parts, 0o644, false);
  const temporary = temporaryFor(path);
  try {
    await write(temporary, parts, mode ?? 0o644, true);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function write(path: string, parts: readonly Uint8Array[], mode: number, sync: boolean): Promise<void> {
  const handle = await open(path, "w", mode);
  try {
    for (const part of parts) await handle.writeFile(part);
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}

async function placeOf(file: string): Promise<Place> {
  const path = await realpath(file).catch(() => file);
  const there = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  });
  if (there?.isDirectory() === true) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
  return {
    path,
    mode: there === null ? null : there.mode & 0o777,
    special: there !== null && !there.isFile(),
  };
}

function temporaryFor(file: string): string {
  return join(dirname(file), `.${basename(file)}.${process.pid}.part`);
}
