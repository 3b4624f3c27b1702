// Recording: finds the user's own Node, which runs the server and calibrates the machine.

import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../common/errors.ts";

export const LEAST_NODE_MAJOR = 20;
const ANSWER_TIMEOUT_MILLIS = 15_000;

export interface NodeBinary {
  readonly path: string;
  /** `24.21.0`. */
  readonly version: string;
  /** It runs TypeScript files by itself. */
  readonly stripsTypes: boolean;
}

/**
 * @param configured the setting darcy.nodePath, empty: the first `node` on the search path
 * @throws UserError when there is none, it does not answer, or it is too old
 */
export async function findNode(configured: string, environment: NodeJS.ProcessEnv): Promise<NodeBinary> {
  const named = configured.trim();
  const path = named === "" ? findOnPath("node", environment) : named;
  if (path === null) {
    throw new UserError(
      "Node.js was not found on the search path.",
      `Install Node.js ${LEAST_NODE_MAJOR} or newer, or name it in the setting darcy.nodePath.`,
    );
  }
  const node = await ask(path, named !== "");
  if (Number.parseInt(node.version, 10) < LEAST_NODE_MAJOR) {
    throw new UserError(
      `Node.js ${node.version} at ${path} is too old to be measured.`,
      `Darcy needs Node.js ${LEAST_NODE_MAJOR} or newer. Name one in the setting darcy.nodePath.`,
    );
  }
  return node;
}

async function ask(path: string, configured: boolean): Promise<NodeBinary> {
  try {
    // Without NODE_OPTIONS: what it requires might print, and is not ours to run here.
    const { NODE_OPTIONS: _dropped, ...environment } = process.env;
    const question = "JSON.stringify([process.versions.node, Boolean(process.features.typescript)])";
    const { stdout } = await promisify(execFile)(path, ["-p", question], {
      env: environment,
      timeout: ANSWER_TIMEOUT_MILLIS,
    });
    const answer: unknown = JSON.parse(stdout);
    if (!Array.isArray(answer) || typeof answer[0] !== "string") throw new Error(`It answered ${stdout}`);
    return { path, version: answer[0], stripsTypes: answer[1] === true };
  } catch (error) {
    throw new UserError(
      configured
        ? `The setting darcy.nodePath names ${path}, which does not run as Node.js.`
        : `${path} does not run as Node.js.`,
      "Name a Node.js binary in the setting darcy.nodePath, as /usr/local/bin/node.",
      { cause: error },
    );
  }
}

/** The absolute path of a program, as a shell would find it. */
export function findOnPath(name: string, environment: NodeJS.ProcessEnv): string | null {
  const variable = Object.keys(environment).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (environment[variable] ?? "").split(delimiter)) {
    if (folder === "") continue;
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (isExecutable(file)) return file;
    }
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
