// Panel, notices: the place in the user's code that one names, which a click opens.

import { unfill } from "../src/model/noticeWords.ts";
import { NOTICES } from "../src/protocol/notices.ts";
import type { Location } from "../src/protocol/report.ts";

export interface NoticePlace {
  /** As it stands in the sentence. */
  readonly words: string;
  readonly location: Location;
}

/** Null: it names none. */
export function placeOf(text: string): NoticePlace | null {
  const known = unfill(text);
  const words = known?.template === NOTICES.timer ? known.values[1] : undefined;
  const [, file, line] = /^(.+):(\d+)$/s.exec(words ?? "") ?? [];
  if (words === undefined || file === undefined || line === undefined || Number(line) < 1) return null;
  return { words, location: { file, line: Number(line), column: 1, function: "" } };
}
