// Collector: finds programs as a shell would, and the Node that is to run the user's command: whether it is one that
// can be measured is told before it starts.

import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { basename, delimiter, resolve } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import { ownEnvironment } from "./environment.ts";

export const OLDEST_NODE = 20;
const ANSWER_DEADLINE_MS = 15_000;
const QUESTION = "JSON.stringify([process.version, Boolean(process.features.typescript)])";

export interface NodeBinary {
  readonly path: string;
  /** As `v22.1.0`. */
  readonly version: string;
  /** It runs TypeScript files by itself. */
  readonly stripsTypes: boolean;
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
): Promise<NodeBinary> {
  const word = command[0] ?? "";
  const named = /^node(?:js)?(?:\.exe)?$/i.test(basename(word));
  const path = named
    ? findProgram(nodeName(word), environment, cwd)
    : (nodeOnPath(environment, cwd) ?? fallback);
  if (path === null) {
    throw new UserError(
      `The command "${word}" was not found.`,
      `Install Node.js ${OLDEST_NODE} or newer, or check that it is on the PATH of this terminal.`,
    );
  }
  return askNode(path, environment, `Run the server with Node.js ${OLDEST_NODE} or newer.`);
}

/**
 * What `path` says that it is.
 * @param remedy when it is no Node or too old
 * @throws UserError
 */
export async function askNode(
  path: string,
  environment: NodeJS.ProcessEnv,
  remedy: string,
): Promise<NodeBinary> {
  const node = await answerOf(path, environment).catch((error: unknown) => {
    throw new UserError(t("{0} does not run as Node.js.", path), remedy, { cause: error });
  });
  if (majorOf(node.version) < OLDEST_NODE)
    throw new UserError(
      t("{0} is Node.js {1}, which is too old to be measured.", path, node.version),
      remedy,
    );
  return node;
}

async function answerOf(path: string, environment: NodeJS.ProcessEnv): Promise<NodeBinary> {
  const { stdout } = await promisify(execFile)(path, ["-p", QUESTION], {
    env: ownEnvironment(environment),
    timeout: ANSWER_DEADLINE_MS,
    maxBuffer: 4_096,
    windowsHide: true,
  });
  const answer: unknown = JSON.parse(stdout);
  if (!Array.isArray(answer)) throw new Error(`It answered ${stdout}`);
  const [version, stripsTypes] = answer as unknown[];
  if (typeof version !== "string" || majorOf(version) === 0) throw new Error(`It answered ${stdout}`);
  return { path, version, stripsTypes: stripsTypes === true };
}

export function majorOf(version: string): number {
  return Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0);
}

/** A Node's file name. On Windows no `node.cmd`: only a shell could ask it which Node it is. */
function nodeName(word: string): string {
  return process.platform === "win32" && !/\.exe$/i.test(word) ? `${word}.exe` : word;
}

/** The first Node on the search path. */
export function nodeOnPath(environment: NodeJS.ProcessEnv, cwd: string): string | null {
  return findProgram(nodeName("node"), environment, cwd);
}

/** The absolute path of a program, as a shell would find it. */
export function findProgram(word: string, environment: NodeJS.ProcessEnv, cwd: string): string | null {
  if (/[\\/]/.test(word)) return runnable(resolve(cwd, word));
  for (const folder of searchPath(environment)) {
    const file = runnable(resolve(cwd, folder, word));
    if (file !== null) return file;
  }
  return null;
}

/** Windows calls it `Path`, and does not tell the two apart. */
function searchPath(environment: NodeJS.ProcessEnv): string[] {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const path = environment.PATH ?? environment[name] ?? "";
  return path.split(delimiter).filter((folder) => folder !== "");
}

function runnable(path: string): string | null {
  const complete = process.platform !== "win32" || /\.(?:exe|com|cmd|bat)$/i.test(path);
  const endings = complete ? [""] : [".exe", ".cmd", ".bat"];
  return endings.map((ending) => path + ending).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
