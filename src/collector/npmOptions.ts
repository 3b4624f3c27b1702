// Collector: npm puts the `node-options` of its configuration in the place of NODE_OPTIONS when it runs a script, ours
// with it. So they are read as npm would, to hand them over with ours in a variable that goes before its files.

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

const KEY = /^npm_config_node[_-]options$/i;
const USER_FILE = /^npm_config_userconfig$/i;
const MAX_FOLDERS = 64;

/** The options and the variable that npm takes them from; null: it leaves NODE_OPTIONS alone. */
export interface NpmNodeOptions {
  readonly variable: string;
  readonly options: string;
}

export function npmNodeOptions(cwd: string, environment: NodeJS.ProcessEnv): NpmNodeOptions | null {
  const variable = Object.keys(environment).find((name) => KEY.test(name));
  const given = variable === undefined ? "" : (environment[variable] ?? "").trim();
  if (variable !== undefined && given !== "") return { variable, options: given };
  const userFile = Object.keys(environment).find((name) => USER_FILE.test(name));
  const user = (userFile === undefined ? undefined : environment[userFile]) || join(homedir(), ".npmrc");
  const project = join(projectFolder(resolve(cwd)), ".npmrc");
  for (const file of project === user ? [user] : [project, user]) {
    const options = nodeOptionsOf(textOf(file), environment);
    if (options !== null) return { variable: "npm_config_node_options", options };
  }
  return null;
}

/** The nearest folder with a package, or the one above whose workspace it is. */
function projectFolder(cwd: string): string {
  let nearest: string | null = null;
  let folder = cwd;
  for (let count = 0; count < MAX_FOLDERS; count++) {
    const manifest = textOf(join(folder, "package.json"));
    if (manifest !== null) {
      if (nearest !== null && hasWorkspaces(manifest)) return folder;
      nearest ??= folder;
    }
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  return nearest ?? cwd;
}

function hasWorkspaces(manifest: string): boolean {
  try {
    const { workspaces } = JSON.parse(manifest) as { workspaces?: unknown };
    return workspaces !== undefined && workspaces !== null;
  } catch {
    return false;
  }
}

/** Of an .npmrc: `node-options = "…"`, with `${VARIABLES}`; the last one counts. */
function nodeOptionsOf(text: string | null, environment: NodeJS.ProcessEnv): string | null {
  let found: string | null = null;
  for (const line of (text ?? "").split(/\r?\n/)) {
    // Sections are not npm's.
    if (line.startsWith("[")) break;
    const value = /^\s*node-options\s*=(.*)$/.exec(line)?.[1];
    if (value !== undefined) found = unquoted(value.trim());
  }
  const expanded = found
    ?.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => environment[name] ?? whole)
    .trim();
  return expanded === undefined || expanded === "" || expanded === "null" ? null : expanded;
}

function unquoted(value: string): string {
  const quote = value[0];
  if (value.length < 2 || (quote !== '"' && quote !== "'") || value.at(-1) !== quote)
    return value.replace(/\s[;#].*$/, "");
  if (quote === "'") return value.slice(1, -1);
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
