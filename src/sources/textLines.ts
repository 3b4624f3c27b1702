// Sources: the lines of a text that ran, as hashes: each line's own, and where others are like it, that of the lines around it.

import { createHash } from "node:crypto";
import type { LineRow } from "../protocol/measuredTexts.ts";

const HASH_LENGTH = 16;

/** As V8 ends them. */
export function linesOf(text: string): string[] {
  return text.replace(/^\ufeff/, "").split(/\r\n|[\n\r\u2028\u2029]/);
}

/** Without the spaces around it: what is only indented anew is the same. */
export function lineHash(text: string): string {
  return hashOf(text.trim());
}

export class TextLines {
  /** Of all of it, however its lines end. */
  readonly whole: string;
  readonly #rows = new Map<number, LineRow>();
  readonly #trimmed: readonly string[];
  readonly #counts = new Map<string, number>();

  constructor(lines: readonly string[]) {
    this.whole = hashOf(lines.join("\n"));
    this.#trimmed = lines.map((line) => line.trim());
    for (const line of this.#trimmed) this.#counts.set(line, (this.#counts.get(line) ?? 0) + 1);
  }

  get count(): number {
    return this.#trimmed.length;
  }

  /** @param line from 1. Null beyond the text */
  row(line: number): LineRow | null {
    const known = this.#rows.get(line);
    if (known !== undefined) return known;
    const text = this.#trimmed[line - 1];
    if (text === undefined) return null;
    const alone = this.#counts.get(text) === 1;
    const row: LineRow = [line, hashOf(text), alone ? "" : this.around(line)];
    this.#rows.set(line, row);
    return row;
  }

  /** Of the nearest lines with anything on them, above and below. @param line from 1 */
  around(line: number): string {
    const next = (by: -1 | 1) => {
      let at = line - 1 + by;
      while (this.#trimmed[at] === "") at += by;
      return this.#trimmed[at] ?? "";
    };
    return hashOf(`${next(-1)}\n${next(1)}`);
  }
}

/** The whole text's, of one that is only looked at once. */
export function wholeHash(lines: readonly string[]): string {
  return hashOf(lines.join("\n"));
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}
