// Command line: `darcy compare`: two recordings, the baseline and the new one.

import { resolve } from "node:path";
import { readProfile } from "../collector/profileFile.ts";
import { compareProfiles } from "../model/compare/compare.ts";
import type { Profile } from "../model/profile.ts";
import { formatComparisonMarkdown } from "../report/compareMarkdown.ts";
import { formatComparison } from "../report/compareText.ts";
import { formatComparisonHtml } from "../report/html.ts";
import { readPageParts } from "../report/pageParts.ts";
import { pairNames } from "../report/pairNames.ts";
import type { CompareArguments } from "./fileArguments.ts";
import { terminal } from "./report.ts";
import { writeOut } from "./writeOut.ts";

/** The exit code. @throws UserError */
export async function compare(asked: CompareArguments, distFolder: string): Promise<number> {
  const [before, after] = [await readProfile(resolve(asked.before)), await readProfile(resolve(asked.after))];
  await writeOut(await formatted(asked, { before, after }, distFolder), asked.out);
  return 0;
}

interface Sides {
  readonly before: Profile;
  readonly after: Profile;
}

async function formatted(
  asked: CompareArguments,
  { before, after }: Sides,
  distFolder: string,
): Promise<string> {
  const most = asked.top === null ? {} : { top: asked.top };
  switch (asked.format) {
    case "json":
      return `${JSON.stringify(compareProfiles(before, after), null, 2)}\n`;
    case "markdown":
      return formatComparisonMarkdown(compareProfiles(before, after), most);
    case "html": {
      const [old, now] = pairNames(resolve(asked.before), resolve(asked.after));
      const parts = await readPageParts(distFolder, "compare");
      return formatComparisonHtml({ profile: before, name: old }, { profile: after, name: now }, parts);
    }
    case "text": {
      const toTerminal = asked.out === null || asked.out === "-";
      return formatComparison(compareProfiles(before, after), { ...(toTerminal ? terminal() : {}), ...most });
    }
  }
}
