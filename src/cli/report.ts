// Command line: `darcy report`, and the report that ends a recording.

import { resolve } from "node:path";
import { readProfile } from "../collector/profileFile.ts";
import type { Profile } from "../model/profile.ts";
import { toReport } from "../model/report.ts";
import { formatJson } from "../report/json.ts";
import { formatMarkdown } from "../report/markdown.ts";
import { formatText, type TextOptions } from "../report/text.ts";
import type { ReportArguments } from "./fileArguments.ts";

const DEFAULT_WIDTH = 100;

/** The exit code. @throws UserError */
export async function report({ file, format, top }: ReportArguments): Promise<number> {
  const profile = await readProfile(resolve(file));
  const most = top === null ? {} : { top };
  if (format === "json") process.stdout.write(formatJson(toReport(profile, most)));
  else if (format === "markdown") process.stdout.write(formatMarkdown(toReport(profile), most));
  else printText(profile, top);
  return 0;
}

export function printText(profile: Profile, top: number | null): void {
  process.stdout.write(formatText(toReport(profile), { ...terminal(), ...(top === null ? {} : { top }) }));
}

/** How wide it is, and whether it takes colour. */
export function terminal(): TextOptions {
  const { stdout, env } = process;
  return {
    width: stdout.columns ?? DEFAULT_WIDTH,
    color: stdout.isTTY === true && (env.NO_COLOR ?? "") === "",
  };
}
