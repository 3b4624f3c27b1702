// Command line: `darcy compare`: two recordings, the baseline and the new one.

import { resolve } from "node:path";
import { readProfile } from "../collector/profileFile.ts";
import { compareProfiles } from "../model/compare/compare.ts";
import { formatComparisonMarkdown } from "../report/compareMarkdown.ts";
import { formatComparison } from "../report/compareText.ts";
import type { CompareArguments } from "./fileArguments.ts";
import { terminal } from "./report.ts";

/** The exit code. @throws UserError */
export async function compare({ before, after, format, top }: CompareArguments): Promise<number> {
  const comparison = compareProfiles(await readProfile(resolve(before)), await readProfile(resolve(after)));
  const most = top === null ? {} : { top };
  if (format === "json") process.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
  else if (format === "markdown") process.stdout.write(formatComparisonMarkdown(comparison, most));
  else process.stdout.write(formatComparison(comparison, { ...terminal(), ...most }));
  return 0;
}
