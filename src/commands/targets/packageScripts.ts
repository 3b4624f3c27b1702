// Commands: the scripts of the workspace's package.json files as targets.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import * as vscode from "vscode";
import { errorText } from "../../common/errors.ts";
import { log } from "../../common/log.ts";
import { orderedScripts, type PackageFile, parsePackage } from "./packageFile.ts";
import type { Target } from "./target.ts";

const MOST_FILES = 50;

export async function packageScriptTargets(): Promise<Target[]> {
  const files = await vscode.workspace.findFiles(
    "**/package.json",
    "**/{node_modules,dist,out,.*}/**",
    MOST_FILES,
  );
  files.sort((a, b) => a.path.split("/").length - b.path.split("/").length || (a.path < b.path ? -1 : 1));
  const targets: Target[] = [];
  for (const uri of files) {
    if (uri.scheme !== "file") continue;
    const found = await readPackage(uri.fsPath);
    if (found !== null) targets.push(...scriptTargets(uri, found));
  }
  return targets;
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
      // The package manager and the script's `node` are found by the path: ours is to be the first there.
      environment: { PATH: `${dirname(node.path)}${delimiter}${process.env.PATH ?? ""}` },
    }),
  }));
}

function managerCommand(manager: string, script: string): string[] {
  // Windows has them as .cmd files, which only its shell runs.
  return process.platform === "win32"
    ? ["cmd.exe", "/d", "/c", manager, "run", script]
    : [manager, "run", script];
}

async function readPackage(file: string): Promise<PackageFile | null> {
  try {
    const text = await readFile(file, "utf8");
    return parsePackage(text, basename(dirname(file)), (lock) => existsSync(join(dirname(file), lock)));
  } catch (error) {
    log().warn(`${file} was not read: ${errorText(error)}`);
    return null;
  }
}
