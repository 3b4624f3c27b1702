// Command line: where a result goes: to a file, or to stdout.

import { resolve } from "node:path";
import { checkWritable } from "../collector/profileFile.ts";
import { writeWhole } from "../collector/writeWhole.ts";
import { errorText, UserError } from "../common/errors.ts";

/** @param out null or "-": stdout; a file is written whole or not at all. @throws UserError */
export async function writeOut(result: string | Uint8Array, out: string | null): Promise<void> {
  if (out === null || out === "-") {
    process.stdout.write(result);
    return;
  }
  const target = resolve(out);
  await checkWritable(target);
  try {
    await writeWhole(target, [Buffer.from(result)]);
  } catch (error) {
    const remedy = "Choose another place with --out FILE.";
    throw new UserError(`${target} could not be written: ${errorText(error)}.`, remedy, { cause: error });
  }
  process.stderr.write(`Written to ${target}.\n`);
}
