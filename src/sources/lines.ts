// Sources: lines and columns of a text as V8 counts them, from its UTF-16 offsets and back.

export interface Position {
  readonly line: number;
  readonly column: number;
}

const LONGEST_INDENT = 500;

export class Lines {
  private readonly starts: Uint32Array;
  private readonly length: number;

  constructor(text: string) {
    const starts = [0];
    // V8's line terminators: \r\n is one, and U+2028 and U+2029 count too.
    for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
    this.starts = Uint32Array.from(starts);
    this.length = text.length;
  }

  /** Null beyond the text. */
  positionOf(offset: number): Position | null {
    if (offset < 0 || offset > this.length) return null;
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.starts[low] as number) + 1 };
  }

  /** Column of the first character of a line that is no space; null where that is not known. */
  firstCode(line: number, text: string | null): number | null {
    const start = this.offsetOf(line, 1);
    if (start === null || text === null) return null;
    const spaces = /^[\t ]*/.exec(text.slice(start, start + LONGEST_INDENT))?.[0].length ?? 0;
    return spaces + 1;
  }

  /** Null where there is no such place. */
  offsetOf(line: number, column: number): number | null {
    const start = this.starts[line - 1];
    if (start === undefined || column < 1) return null;
    const offset = start + column - 1;
    return offset <= (this.starts[line] ?? this.length) ? offset : null;
  }
}
