// Editor: where the lines of a text stand now that the user types. It is told by comparing the texts, not by following the
// changes: a line that is as it was again, by undo or otherwise, is found again. Pure.

import { matchLines } from "./matchLines.ts";

export interface TrackedLine {
  /** From 0, as it stands now. */
  readonly line: number;
  /** It stands elsewhere than where it was measured. */
  readonly shifted: boolean;
}

export class LineTracker {
  /** By line of the text: the line now, or -1. */
  #now: Int32Array;

  constructor(readonly text: readonly string[]) {
    this.#now = Int32Array.from(text, (_, line) => line);
  }

  /** Null when the line was edited or deleted, or never was. */
  find(line: number): TrackedLine | null {
    const now = this.#now[line] ?? -1;
    return now < 0 ? null : { line: now, shifted: now !== line };
  }

  follow(now: readonly string[]): void {
    this.#now = matchLines(this.text, now);
  }
}

/** As VS Code ends them. */
export function editorLines(text: string): string[] {
  return text.split(/\r\n|[\n\r]/);
}
