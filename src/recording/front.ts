// Recording: the front of a recording's file, from the recording itself: what its panel shows first.

import { packFront } from "../collector/front.ts";
import { inEnglish } from "../model/l10n.ts";
import type { Profile } from "../model/profile.ts";
import { listed } from "./analysis/listed.ts";
import { type Figures, figuresOf } from "./figures.ts";

/** Of the whole session, in English, as all files are. */
export function wholeFigures(profile: Profile): Figures {
  return inEnglish(() => figuresOf(profile, 0));
}

/** @param packed the recording as it stands in the file; `profile` is what that unpacks to */
export function frontOf(profile: Profile, packed: Uint8Array): Promise<Uint8Array> {
  const { report, series, scope, texts, others } = inEnglish(() => listed(wholeFigures(profile)));
  const elapsedMs = (profile.endedMicros - profile.startedMicros) / 1_000;
  return packFront({ report, series, scope, texts, elapsedMs, cwd: profile.cwd }, others, packed);
}
