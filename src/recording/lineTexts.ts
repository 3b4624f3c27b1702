// Recording: what stands on a measured line, as a hash: by it a site is known again when its line has moved.

import { readFileSync, statSync } from "node:fs";
import type { Report } from "../protocol/report.ts";
import { lineHash, linesOf } from "../sources/textLines.ts";

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_FILES = 200;

export class LineTexts {
  /** By recording and file: what is on disk later is not what ran. Null: not known. */
  readonly #files = new Map<string, readonly string[] | null>();

  /** Null where the text that ran can't be told: the file is gone, or was changed before it was first asked for. */
  hashAt(file: string, line: number, report: Report): string | null {
    const ranSince = measuredSince(report);
    const key = `${ranSince}|${file}`;
    let lines = this.#files.get(key);
    if (lines === undefined) {
      if (this.#files.size >= MOST_FILES) this.#files.clear();
      lines = readLines(file, ranSince);
      this.#files.set(key, lines);
    }
    const text = lines?.[line - 1];
    return text === undefined ? null : lineHash(text);
  }
}

/** When the server that runs now was started; a restart runs the files as they are then. Milliseconds since 1970. */
function measuredSince({ startedAt, restarts = [] }: Report): number {
  const started = Date.parse(startedAt);
  return restarts.reduce((last, { what, atMs }) => (what === "server" ? started + atMs : last), started);
}

function readLines(file: string, ranSince: number): readonly string[] | null {
  try {
    const { size, mtimeMs } = statSync(file);
    if (size > MOST_BYTES || !(mtimeMs <= ranSince)) return null;
    return linesOf(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
