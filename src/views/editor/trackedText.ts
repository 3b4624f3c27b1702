// Editor: one document against the text that was measured: where each measured line stands now, or that nobody can tell. Pure.

import type { FileText, LineRow } from "../../protocol/measuredTexts.ts";
import { linesOf, TextLines, wholeHash } from "../../sources/textLines.ts";
import { editorLines, LineTracker, type TrackedLine } from "./lineTracker.ts";

export class TrackedText {
  /** From the measured text where it is known, else from the document's as it was first seen; null: neither tells anything. */
  #lines: LineTracker | null = null;
  #measuredTextKnown = false;
  /** By measured line the line in `#base`, where not all of the measured text is known. Both from 0. */
  #found: ReadonlyMap<number, number> = new Map();
  #base: TextLines | null = null;
  #measured: ReadonlySet<number> = new Set();
  #text = "";

  constructor(private file: FileText) {
    this.update(file);
  }

  /** The document was edited, or is seen for the first time. */
  follow(text: string): void {
    this.#text = text;
    const { whole } = this.file;
    if (whole !== null && !this.#measuredTextKnown) {
      const lines = linesOf(text);
      if (wholeHash(lines) === whole) this.#isMeasured(lines);
      else if (this.#lines === null) {
        this.#lines = new LineTracker(editorLines(text));
        this.#base = new TextLines(this.#lines.text);
        this.#found = foundIn(this.#base, this.file.lines);
      }
    }
    this.#lines?.follow(editorLines(text));
  }

  /**
   * What a file has, or had: it counts where it is what was measured.
   * @param unchanged since it was measured, by its date
   */
  offer(text: string, unchanged: boolean): void {
    const { whole } = this.file;
    const lines = linesOf(text);
    if (this.#measuredTextKnown || !(whole === null ? unchanged : wholeHash(lines) === whole)) return;
    this.#isMeasured(lines);
    this.#lines?.follow(editorLines(this.#text));
  }

  /** More of its lines were measured; its text is the same. */
  update(file: FileText): void {
    this.file = file;
    this.#measured = new Set(file.lines.map(([line]) => line));
    if (this.#base !== null) this.#found = foundIn(this.#base, file.lines);
  }

  /** Whether all of it is known, so that every change is seen. */
  get measuredTextKnown(): boolean {
    return this.#measuredTextKnown;
  }

  /** @param measured from 0. Null where it was edited, and where it can't be told */
  find(measured: number): TrackedLine | null {
    // By its date alone, any line may have been measured.
    if (this.file.whole !== null && !this.#measured.has(measured + 1)) return null;
    const line = this.#measuredTextKnown ? measured : this.#found.get(measured);
    const found = line === undefined ? null : (this.#lines?.find(line) ?? null);
    return found === null ? null : { line: found.line, shifted: found.line !== measured };
  }

  #isMeasured(lines: readonly string[]): void {
    this.#measuredTextKnown = true;
    this.#lines = new LineTracker(lines);
    this.#base = null;
  }
}

/**
 * Of measured lines those that a text has, and has once: by the line's own text where no other had that, else by the lines
 * around it as well.
 */
function foundIn(text: TextLines, measured: readonly LineRow[]): Map<number, number> {
  const wanted = new Set(measured.map(([, hash]) => hash));
  const places = new Map<string, LineRow[]>();
  for (let line = 1; line <= text.count; line++) {
    const row = text.row(line);
    if (row !== null && wanted.has(row[1])) places.set(row[1], [...(places.get(row[1]) ?? []), row]);
  }
  const found = new Map<number, number>();
  for (const [line, hash, around] of measured) {
    const all = places.get(hash) ?? [];
    const [place, ...more] = around === "" ? all : all.filter(([at]) => text.around(at) === around);
    if (hash !== "" && place !== undefined && more.length === 0) found.set(line - 1, place[0] - 1);
  }
  return found;
}
