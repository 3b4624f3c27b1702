// Command line: `darcy report`, and the report that ends a recording.

import { resolve } from "node:path";
import { readProfile } from "../collector/profileFile.ts";
import type { Profile } from "../model/profile.ts";
import { toReport } from "../model/report.ts";
import { formatJson } from "../report/json.ts";
import { formatText } from "../report/text.ts";
import type { ReportArguments } from "./arguments.ts";

const DEFAULT_WIDTH = 100;

/** The exit code. @throws UserError */
export async function report({ file, format, top }: ReportArguments): Promise<number> {
  const profile = await readProfile(resolve(file));
  if (format === "json") process.stdout.write(formatJson(toReport(profile, top === null ? {} : { top })));
  else printText(profile, top);
  return 0;
}

export function printText(profile: Profile, top: number | null): void {
  const { stdout, env } = process;
  const text = formatText(toReport(profile), {
    width: stdout.columns ?? DEFAULT_WIDTH,
    color: stdout.isTTY === true && (env.NO_COLOR ?? "") === "",
    ...(top === null ? {} : { top }),
  });
  stdout.write(text);
}
