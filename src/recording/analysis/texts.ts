// Recording, analysis: what recordings tell in words, in English: whoever reads it may have another language than the user.

import { compareProfiles } from "../../model/compare/compare.ts";
import { inEnglish } from "../../model/l10n.ts";
import type { Profile } from "../../model/profile.ts";
import { toReport } from "../../model/report.ts";
import type { Category } from "../../protocol/categories.ts";
import { formatComparisonMarkdown } from "../../report/compareMarkdown.ts";
import { compareAnswer, explainHotspot, listHotspots } from "../../tools/answers.ts";

export function comparedText(old: Profile, now: Profile, reader: "review" | "model"): string {
  return inEnglish(() => {
    const comparison = compareProfiles(old, now);
    return reader === "model"
      ? compareAnswer(comparison, now.cwd)
      : formatComparisonMarkdown(comparison, { cwd: now.cwd });
  });
}

export function hotspotTexts(profile: Profile, top: number, category: Category | null): string {
  return inEnglish(() => listHotspots(toReport(profile), top, category));
}

/** Null where there are fewer. */
export function hotspotText(profile: Profile, rank: number): string | null {
  return inEnglish(() => explainHotspot(toReport(profile), rank));
}
