// Collector: which Node the user's command will run, as far as can be told before it does, and whether it is one
// that can be measured.

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { basename, delimiter, join, resolve } from "node:path";
import { UserError } from "../common/errors.ts";
import { ownEnvironment } from "./environment.ts";

export const OLDEST_NODE = 20;
const DEADLINE_MS = 10_000;

export interface FoundNode {
  readonly path: string;
  /** As `v22.1.0`. */
  readonly version: string;
}

/**
 * The command's own first word when that is a Node, else `node` on the PATH, else `fallback`.
 * @throws UserError when it is not there or too old
 */
export async function findNode(
  command: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
  fallback: string,
): Promise<FoundNode> {
  const word = command[0] ?? "";
  const named = /^node(?:js)?(?:\.exe)?$/i.test(basename(word));
  const path = named
    ? await locate(word, cwd, environment)
    : ((await locate("node", cwd, environment)) ?? fallback);
  if (path === null) {
    throw new UserError(
      `The command "${word}" was not found.`,
      "Install Node 20 or newer, or check that it is on the PATH of this terminal.",
    );
  }
  const version = await versionOf(path, environment);
  if (majorOf(version) < OLDEST_NODE) {
    throw new UserError(
      `${path} is Node ${version}, which is too old to be measured.`,
      `Run the server with Node ${OLDEST_NODE} or newer.`,
    );
  }
  return { path, version };
}

export function majorOf(version: string): number {
  return Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0);
}

/** The file that a shell would run for `word`. */
async function locate(word: string, cwd: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  if (/[\\/]/.test(word)) {
    const path = resolve(cwd, word);
    return (await runnable(path)) ? path : null;
  }
  const name = process.platform === "win32" && !/\.exe$/i.test(word) ? `${word}.exe` : word;
  const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter);
  for (const folder of folders) {
    const path = resolve(cwd, join(folder, name));
    if (folder !== "" && (await runnable(path))) return path;
  }
  return null;
}

async function runnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function versionOf(path: string, environment: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      env: ownEnvironment(environment),
      timeout: DEADLINE_MS,
      maxBuffer: 4_096,
      windowsHide: true,
    };
    execFile(path, ["--version"], options, (error, stdout) => {
      const version = stdout.trim();
      if (error === null && majorOf(version) > 0) resolve(version);
      else
        reject(
          new UserError(`${path} does not say which Node it is.`, `Check that \`${path} --version\` works.`, {
            cause: error,
          }),
        );
    });
  });
}
