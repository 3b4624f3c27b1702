// Model: of the texts that a recording has seen, those that the figures of a span are of.

import type { FileText, MeasuredTexts } from "../protocol/measuredTexts.ts";
import type { MeasuredText, Profile } from "./profile.ts";
import { runStarts } from "./restarts.ts";

/** @param fromMicros that the figures cover, and up to `toMicros`; since the epoch */
export function textsWithin(profile: Profile, fromMicros: number, toMicros: number): MeasuredTexts {
  const { startedMicros, texts = [] } = profile;
  const run = runStarts(profile).findLast((micros) => micros <= fromMicros) ?? startedMicros;
  const sinceMs = run / 1_000;
  const files = new Map<string, MeasuredText[]>();
  for (const text of texts) files.set(text.file, [...(files.get(text.file) ?? []), text]);
  return {
    sinceMs,
    files: [...files].map(([file, all]) => oneText(file, covered(all, sinceMs, toMicros / 1_000))),
  };
}

/** Each is in force until the server is started anew after the next one was saved. */
function covered(texts: readonly MeasuredText[], sinceMs: number, toMs: number): MeasuredText[] {
  const savedMs = ({ changedMs = 0 }: MeasuredText) => changedMs;
  const inOrder = [...texts].sort((a, b) => savedMs(a) - savedMs(b));
  return inOrder.filter((text, at) => {
    const next = inOrder[at + 1];
    return (
      (next === undefined || savedMs(next) > sinceMs || text.changedMs === undefined) && savedMs(text) <= toMs
    );
  });
}

function oneText(file: string, texts: readonly MeasuredText[]): FileText {
  const [first, ...others] = texts;
  if (first === undefined || others.some(({ whole }) => whole === null || whole !== first.whole))
    return { file, whole: null, lines: [] };
  const rows = new Map(texts.flatMap(({ lines }) => lines.map((row) => [row[0], row] as const)));
  return { file, whole: first.whole, lines: [...rows.values()].sort(([a], [b]) => a - b) };
}
