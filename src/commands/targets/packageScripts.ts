// Commands: the scripts of the workspace's package.json files as targets.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { NodeBinary } from "../../collector/findNode.ts";
import { errorText } from "../../common/errors.ts";
import { log } from "../../common/log.ts";
import { placesAround } from "./managerPlaces.ts";
import { orderedScripts, outermost, type PackageFile, parsePackage } from "./packageFile.ts";
import type { Target } from "./target.ts";

const MOST_FILES = 50;
/** Looked through for them: the search ends anywhere. */
const MOST_FOUND = 5_000;

export interface FoundPackage {
  readonly uri: vscode.Uri;
  readonly found: PackageFile;
}

export async function packageScriptTargets(): Promise<Target[]> {
  return (await packageFiles()).flatMap(({ uri, found }) => scriptTargets(uri, found));
}

/** Those of the workspace that have scripts, the outermost first. */
export async function packageFiles(): Promise<FoundPackage[]> {
  const files = await vscode.workspace.findFiles(
    "**/package.json",
    "**/{node_modules,dist,out,.*}/**",
    MOST_FOUND,
  );
  const packages: FoundPackage[] = [];
  for (const uri of outermost(files, MOST_FILES)) {
    if (uri.scheme !== "file") continue;
    const found = await readPackage(uri.fsPath);
    if (found !== null) packages.push({ uri, found });
  }
  return packages;
}

function scriptTargets(uri: vscode.Uri, found: PackageFile): Target[] {
  const folder = dirname(uri.fsPath);
  const shown = vscode.workspace.asRelativePath(folder, true);
  return orderedScripts(found.scripts).map((script) => ({
    id: `script:${folder}:${script}`,
    label: `${found.manager} run ${script}`,
    description: shown === folder ? found.name : shown,
    ignored: "",
    launch: async (node) => ({
      title: `${found.name}: ${script}`,
      command: managerCommand(found.manager, script),
      cwd: folder,
      environment: { PATH: pathWith(node) },
    }),
  }));
}

/** The package manager and the script's `node` are found by the path: the chosen one is to be the first there. */
export function pathWith(node: NodeBinary, path = process.env.PATH ?? ""): string {
  return `${dirname(node.path)}${delimiter}${path}`;
}

export function managerCommand(manager: string, script: string): string[] {
  // Windows has them as .cmd files, which only its shell runs.
  return process.platform === "win32"
    ? ["cmd.exe", "/d", "/c", manager, "run", script]
    : [manager, "run", script];
}

/** Null: it is not there, or has no scripts. */
export async function readPackage(file: string): Promise<PackageFile | null> {
  const folder = dirname(file);
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder))?.uri.fsPath ?? folder;
  try {
    const text = await readFile(file, "utf8");
    return parsePackage(
      text,
      basename(folder),
      (lock) => existsSync(join(folder, lock)),
      placesAround(folder, root),
    );
  } catch (error) {
    log().warn(`${file} was not read: ${errorText(error)}`);
    return null;
  }
}
