// Command line: `darcy export`: a recording for other tools.

import { writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { checkWritable, readProfile } from "../collector/profileFile.ts";
import { errorText, UserError } from "../common/errors.ts";
import { EXPORT_ENDING, exportProfile } from "../report/exports/formats.ts";
import type { ExportArguments } from "./fileArguments.ts";

/** The exit code. @throws UserError */
export async function exportFile({ file, format, out }: ExportArguments): Promise<number> {
  const profile = await readProfile(resolve(file));
  const name = basename(file).replace(/\.darcy$/, "");
  const bytes = exportProfile(profile, format, name);
  if (out === "-") {
    process.stdout.write(bytes);
    return 0;
  }
  const target = resolve(out ?? resolve(file).replace(/(?:\.darcy)?$/, EXPORT_ENDING[format]));
  await checkWritable(target);
  try {
    await writeFile(target, bytes);
  } catch (error) {
    throw new UserError(
      `${target} could not be written: ${errorText(error)}.`,
      "Choose another place with --out FILE.",
      {
        cause: error,
      },
    );
  }
  process.stderr.write(`Written to ${target}.\n`);
  return 0;
}
