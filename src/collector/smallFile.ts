// Collector: files of the user's that are looked into before they are anybody's: only regular ones, and no large ones. Reading
// a pipe would wait for its writer, and take from the server what was written for it.

import { readFileSync, statSync } from "node:fs";

const MAX_BYTES = 1024 * 1024;

/** Null where there is no such file, or it can't be read. */
export function readSmallFile(file: string): string | null {
  try {
    const about = statSync(file);
    return about.isFile() && about.size <= MAX_BYTES ? readFileSync(file, "utf8") : null;
  } catch {
    return null;
  }
}
