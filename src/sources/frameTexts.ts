// Sources: which text each placed frame is of, and what a recording keeps of these texts: of every file the lines that were
// measured, once for each text that it had.

import type { Frame, FrameSource, MeasuredText } from "../model/profile.ts";
import type { LineRow } from "../protocol/measuredTexts.ts";
import { linesOf, TextLines } from "./textLines.ts";

const MOST_LENGTH = 4_000_000;

/** By where a frame was placed: what runs later under the same name is another text. */
const known = new WeakMap<FrameSource, TextLines>();

export class FrameTexts {
  readonly #lines = new Map<string, TextLines>();

  /** @param text that the frame's file had when it ran; null where that is not known */
  keep(source: FrameSource, text: string | null): void {
    if (text === null || text.length > MOST_LENGTH || source.origin !== "user" || source.line < 1) return;
    const lines = this.#lines.get(text) ?? new TextLines(linesOf(text));
    this.#lines.set(text, lines);
    known.set(source, lines);
  }
}

/** Of frames whose text is not known, nor when it was last changed, nothing is kept. */
export function measuredTexts(frames: readonly Frame[]): MeasuredText[] {
  const texts = new Map<string, { changedMs: number | undefined; source: FrameSource; lines: Set<number> }>();
  const textOf = new Map<string, TextLines>();
  for (const { source, changedMs, allocates = [] } of frames) {
    if (source === null || source.origin !== "user" || source.line < 1) continue;
    const text = known.get(source);
    if (text === undefined && changedMs === undefined) continue;
    const key = `${changedMs ?? text?.whole}\n${source.file}`;
    if (text !== undefined) textOf.set(key, text);
    const found = texts.get(key) ?? { changedMs, source, lines: new Set<number>() };
    texts.set(key, found);
    for (const { line } of [source, ...allocates]) found.lines.add(line);
  }
  return [...texts].map(([key, { changedMs, source, lines }]) => {
    const text = textOf.get(key);
    const row = (line: number): LineRow => text?.row(line) ?? [line, "", ""];
    return {
      file: source.file,
      ...(changedMs === undefined ? {} : { changedMs }),
      whole: text?.whole ?? null,
      lines: [...lines].sort((a, b) => a - b).map(row),
    };
  });
}
