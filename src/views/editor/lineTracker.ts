// Editor: where the lines that were measured stand now that the user types. Pure.

export interface LineChange {
  /** Lines and characters from 0, as before the change. */
  readonly startLine: number;
  readonly startCharacter: number;
  readonly endLine: number;
  readonly endCharacter: number;
  readonly text: string;
  /** Nothing of the old line follows the new text. */
  readonly endsLine: boolean;
}

export interface TrackedLine {
  /** From 0, as it stands now. */
  readonly line: number;
  /** It stands elsewhere than where it was measured. */
  readonly shifted: boolean;
}

const GONE = -1;

export class LineTracker {
  /** By the line as measured: the line now, or GONE when it was edited. */
  readonly #now: number[];

  constructor(lineCount: number) {
    this.#now = Array.from({ length: lineCount }, (_, line) => line);
  }

  /** Null when the line was edited or deleted, or never was. */
  find(measured: number): TrackedLine | null {
    const line = this.#now[measured];
    return line === undefined || line === GONE ? null : { line, shifted: line !== measured };
  }

  apply(change: LineChange): void {
    const { startLine, endLine } = change;
    const shift = lineBreaks(change.text) - (endLine - startLine);
    const above = insertsAbove(change);
    const below = insertsBelow(change);
    for (let measured = 0; measured < this.#now.length; measured++) {
      const line = this.#now[measured];
      if (line === undefined || line === GONE || line < startLine) continue;
      if (line > endLine || (above && line === endLine)) this.#now[measured] = line + shift;
      else if (!(below && line === startLine)) this.#now[measured] = GONE;
    }
  }
}

/** Whole lines were put in or taken away in front of a line, which itself is as it was. */
function insertsAbove({ startCharacter, endCharacter, text }: LineChange): boolean {
  return startCharacter === 0 && endCharacter === 0 && (text === "" || text.endsWith("\n"));
}

/** A line break at the end of a line: the line itself is as it was. */
function insertsBelow({
  startLine,
  startCharacter,
  endLine,
  endCharacter,
  text,
  endsLine,
}: LineChange): boolean {
  return startLine === endLine && startCharacter === endCharacter && endsLine && /^\r?\n/.test(text);
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
