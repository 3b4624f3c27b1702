// Recording, analysis: a recording, or two side by side, in another format, as the command line writes it.

import { inEnglish } from "../../model/l10n.ts";
import type { Profile } from "../../model/profile.ts";
import { toReport } from "../../model/report.ts";
import { exportProfile } from "../../report/exports/formats.ts";
import { formatComparisonHtml, formatHtml } from "../../report/html.ts";
import { formatMarkdown } from "../../report/markdown.ts";
import { readPageParts } from "../../report/pageParts.ts";
import { pairNames } from "../../report/pairNames.ts";
import { wholeFigures } from "../front.ts";
import type { OtherFormat } from "./messages.ts";

/** For others, who may have another language. @param distFolder of the page's own parts. @throws UserError */
export async function exportBytes(
  profile: Profile,
  format: OtherFormat,
  file: string,
  distFolder: string,
): Promise<Uint8Array> {
  if (format === "html") {
    const parts = await readPageParts(distFolder, "panel");
    return Buffer.from(formatHtml(profile, wholeFigures(profile), file, parts));
  }
  if (format === "markdown")
    return Buffer.from(inEnglish(() => formatMarkdown(toReport(profile), { cwd: profile.cwd })));
  return inEnglish(() => exportProfile(profile, format, file.replace(/\.darcy$/, "")));
}

interface Side {
  readonly profile: Profile;
  readonly path: string;
}

/** Two recordings side by side, as one page. @throws UserError */
export async function comparisonBytes(before: Side, after: Side, distFolder: string): Promise<Uint8Array> {
  const [old, now] = pairNames(before.path, after.path);
  const parts = await readPageParts(distFolder, "compare");
  return Buffer.from(
    inEnglish(() =>
      formatComparisonHtml(
        { profile: before.profile, name: old },
        { profile: after.profile, name: now },
        parts,
      ),
    ),
  );
}
