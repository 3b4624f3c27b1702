// Command line: `darcy export`: a recording for other tools.

import { basename, resolve } from "node:path";
import { readProfile } from "../collector/profileFile.ts";
import { EXPORT_ENDING, exportProfile } from "../report/exports/formats.ts";
import type { ExportArguments } from "./fileArguments.ts";
import { writeOut } from "./writeOut.ts";

/** The exit code. @throws UserError */
export async function exportFile({ file, format, out }: ExportArguments): Promise<number> {
  const profile = await readProfile(resolve(file));
  const bytes = exportProfile(profile, format, basename(file).replace(/\.darcy$/, ""));
  await writeOut(bytes, out ?? resolve(file).replace(/(?:\.darcy)?$/, EXPORT_ENDING[format]));
  return 0;
}
