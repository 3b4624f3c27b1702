// Collector: whether the user's command can start at all, told before anything is measured for it. What can't be
// told for sure counts as startable: the start itself tells then.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import { findProgram } from "./findNode.ts";
import { launchError } from "./launch.ts";

/** Options of Node before a script, that neither take a word of their own nor change how it is found. */
const PLAIN_FLAG =
  /^--(?:[\w-]+=.*|enable-source-maps|inspect|inspect-brk|no-warnings|no-deprecation|trace-[\w-]+|expose-gc|watch)$/;
/** A loader may make a script out of any name. */
const LOADER = /(?:^|\s)(?:-r\b|--(?:require|import|loader|experimental-loader)\b)/;

/** @throws UserError when its program or its script is not there */
export function checkCommand(command: readonly string[], cwd: string, environment: NodeJS.ProcessEnv): void {
  const [file = "", ...words] = command;
  const isNode = /^node(?:js)?(?:\.exe)?$/i.test(basename(file));
  if (findProgram(file, environment, cwd) === null) {
    // `findNode` has more to say of a Node. On Windows, and without a PATH, there are more ways than ours.
    if (isNode || process.platform === "win32" || environment.PATH === undefined) return;
    const there = /\//.test(file) && existsSync(resolve(cwd, file));
    if (!there) throw notFound(command, cwd);
    throw launchError(file, { code: "EACCES" });
  }
  if (!isNode || LOADER.test(environment.NODE_OPTIONS ?? "")) return;
  const script = scriptOf(words);
  if (script !== null && !isScript(resolve(cwd, script))) {
    throw new UserError(
      t("The script {0} does not exist.", script),
      t("It is looked for in {0}. Check its spelling, or start Darcy in the server's folder.", cwd),
    );
  }
}

function notFound(command: readonly string[], cwd: string): UserError {
  const [file = ""] = command;
  const line = command.join(" ");
  const [program = "", ...others] = file.split(" ");
  if (others.length > 0 && /^[\w.-]+$/.test(program))
    return new UserError(
      t('The command "{0}" was not found.', file),
      t("Without quotes its words stand apart: -- {0}", line),
    );
  if (/\.[cm]?[jt]sx?$/.test(file) && existsSync(resolve(cwd, file)))
    return new UserError(
      t("The script {0} is no command.", file),
      t("Run it by its interpreter: -- node {0}", line),
    );
  return launchError(file, { code: "ENOENT" });
}

/** Null: there is none, or it can't be told which word it is. */
function scriptOf(words: readonly string[]): string | null {
  for (const word of words) {
    if (!word.startsWith("-")) return word === "inspect" || word === "debug" ? null : word;
    if (!PLAIN_FLAG.test(word) || LOADER.test(word)) return null;
  }
  return null;
}

function isScript(path: string): boolean {
  if (existsSync(path)) return true;
  try {
    // As Node does: with an ending added, or a folder's index.
    createRequire(join(path, "..", "_")).resolve(path);
    return true;
  } catch {
    return false;
  }
}
