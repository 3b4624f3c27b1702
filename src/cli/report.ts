// Command line: `darcy report`, and the report that ends a recording.

import { basename, resolve } from "node:path";
import { readProfile } from "../collector/profileFile.ts";
import type { Profile } from "../model/profile.ts";
import { toReport } from "../model/report.ts";
import { wholeFigures } from "../recording/front.ts";
import { formatHtml } from "../report/html.ts";
import { formatJson } from "../report/json.ts";
import { formatMarkdown } from "../report/markdown.ts";
import { readPageParts } from "../report/pageParts.ts";
import { formatText, type TextOptions } from "../report/text.ts";
import type { ReportArguments } from "./fileArguments.ts";
import { writeOut } from "./writeOut.ts";

const DEFAULT_WIDTH = 100;

/** The exit code. @throws UserError */
export async function report(
  { file, format, top, out }: ReportArguments,
  distFolder: string,
): Promise<number> {
  const profile = await readProfile(resolve(file));
  const most = top === null ? {} : { top };
  switch (format) {
    case "json":
      await writeOut(formatJson(toReport(profile, most)), out);
      return 0;
    case "markdown":
      await writeOut(formatMarkdown(toReport(profile), most), out);
      return 0;
    case "html": {
      const parts = await readPageParts(distFolder, "panel");
      await writeOut(formatHtml(profile, wholeFigures(profile), basename(file), parts), out);
      return 0;
    }
    case "text":
      if (out === null || out === "-") printText(profile, top);
      else await writeOut(formatText(toReport(profile), most), out);
      return 0;
  }
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
