// Leaf: the texts that were measured, as hashes: by them a measured line is known again, or known to be another one.

/** `text` is without the spaces around it, "" where it is not known; `around`, of the lines next to it, is "" where no other has its text. */
export type LineRow = readonly [line: number, text: string, around: string];

export interface FileText {
  readonly file: string;
  /** Of all of its text; null where that is not known. */
  readonly whole: string | null;
  /** Those that were measured, in order, from 1. */
  readonly lines: readonly LineRow[];
}

/** Of what a report's figures cover. */
export interface MeasuredTexts {
  /** Since then, milliseconds since 1970, every file that is unchanged is what was measured. */
  readonly sinceMs: number;
  /** Files of which more is known than that. One that was changed and run anew within the span has several texts: none is known. */
  readonly files: readonly FileText[];
}
