// Commands: the envFile of a launch configuration, read as VS Code's debugger reads it: dotenv's grammar, nothing in it expanded.

import { readFile } from "node:fs/promises";
import { parse } from "dotenv";
import { errorCode, errorText, UserError } from "../../common/errors.ts";
import { t } from "../../model/l10n.ts";

/** Null: there is no such file, which the debugger takes for an empty one. @throws UserError when it can't be read */
export async function readEnvFile(file: string): Promise<Readonly<Record<string, string>> | null> {
  try {
    return parse((await readFile(file, "utf8")).replace(/^\uFEFF/, ""));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw new UserError(
      t("The launch configuration's envFile, {0}, could not be read: {1}.", file, errorText(error)),
      t("Mend that, or take envFile out of the configuration."),
      { cause: error },
    );
  }
}
