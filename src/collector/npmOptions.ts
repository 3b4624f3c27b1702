// Collector: npm puts the `node-options` of its configuration in the place of NODE_OPTIONS when it runs a script, ours
// with it. So they are read as npm would, to hand them over with ours in a variable that goes before its files.

import { homedir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { readSmallFile } from "./smallFile.ts";

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
    const options = nodeOptionsOf(readSmallFile(file), environment);
    if (options !== null) return { variable: "npm_config_node_options", options };
  }
  return null;
}

/** The nearest folder with a package, or the one above whose workspace it is. */
function projectFolder(cwd: string): string {
  let nearest: string | null = null;
  let folder = cwd;
  for (let count = 0; count < MAX_FOLDERS; count++) {
    const manifest = readSmallFile(join(folder, "package.json"));
    if (manifest !== null) {
      if (nearest !== null && isWorkspace(relative(folder, nearest), manifest)) return folder;
      nearest ??= folder;
    }
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  return nearest ?? cwd;
}

/** @param path of a package, from the folder of the manifest */
function isWorkspace(path: string, manifest: string): boolean {
  try {
    const { workspaces } = JSON.parse(manifest) as { workspaces?: unknown };
    const list = (workspaces as { packages?: unknown } | null)?.packages ?? workspaces;
    const patterns = Array.isArray(list) ? list.filter((word) => typeof word === "string") : [];
    const folders = path.split(sep);
    // As in npm, of several patterns the last one that fits counts.
    const last = patterns.findLast((pattern) => fits(folders, segmentsOf(pattern.replace(/^!/, ""))));
    return last !== undefined && !last.startsWith("!");
  } catch {
    return false;
  }
}

function segmentsOf(pattern: string): string[] {
  return pattern.split("/").filter((segment) => segment !== "" && segment !== ".");
}

/** `*` stands for a part of one folder's name, `**` for any number of folders. */
function fits(folders: readonly string[], pattern: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return folders.length === 0;
  if (first === "**") return folders.some((_, at) => fits(folders.slice(at), rest)) || fits([], rest);
  const [folder, ...below] = folders;
  if (folder === undefined) return false;
  const words = first.split("*").map((word) => word.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${words.join(".*")}$`).test(folder) && fits(below, rest);
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
