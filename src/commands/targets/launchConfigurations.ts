// Commands: the Node configurations of launch.json as targets.

import { homedir } from "node:os";
import { resolve, sep } from "node:path";
import * as vscode from "vscode";
import { log } from "../../common/log.ts";
import { readEnvFile } from "./envFile.ts";
import { launchOf } from "./launchCommand.ts";
import { type NodeConfiguration, readConfiguration } from "./launchConfiguration.ts";
import { substitute, type VariableValues } from "./launchVariables.ts";
import { runPreLaunchTask } from "./preLaunchTask.ts";
import type { Target } from "./target.ts";

export function launchTargets(): Target[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.flatMap((folder) => {
    const list: unknown = vscode.workspace.getConfiguration("launch", folder.uri).get("configurations");
    if (!Array.isArray(list) || folder.uri.scheme !== "file") return [];
    return list.flatMap((value: unknown) => {
      const found = readConfiguration(value, process.platform);
      return found === null ? [] : [targetOf(folder, found)];
    });
  });
}

function targetOf(folder: vscode.WorkspaceFolder, found: NodeConfiguration): Target {
  return {
    id: `launch:${folder.uri.fsPath}:${found.name}`,
    label: found.name,
    description: `launch.json, ${folder.name}`,
    ignored: leftOut(found),
    ...(found.preLaunchTask === null
      ? {}
      : { before: () => runPreLaunchTask(found.preLaunchTask, folder, found.name) }),
    launch: async (node) => {
      const values = valuesFor(folder);
      return launchOf(found, node, values, await fromEnvFile(found, values));
    },
  };
}

function leftOut({ ignored, unsupported }: NodeConfiguration): string {
  const without = ignored.length === 0 ? [] : [`without ${ignored.join(", ")}`];
  const needs = unsupported.length === 0 ? [] : [`can't start: ${unsupported.join(", ")} is not supported`];
  return [...needs, ...without].join("; ");
}

/** One that is not there is no error for VS Code's debugger either, but worth a word. */
async function fromEnvFile(
  { envFile }: NodeConfiguration,
  values: VariableValues,
): Promise<Readonly<Record<string, string>>> {
  if (envFile === null) return {};
  const file = resolve(values.workspaceFolder, substitute(envFile, values));
  const found = await readEnvFile(file);
  if (found !== null) return found;
  const text = `${file}, the launch configuration's envFile, does not exist: the server starts without it.`;
  log().warn(text);
  void vscode.window.showWarningMessage(text);
  return {};
}

function valuesFor(folder: vscode.WorkspaceFolder): VariableValues {
  const document = vscode.window.activeTextEditor?.document;
  return {
    workspaceFolder: folder.uri.fsPath,
    folders: Object.fromEntries(
      (vscode.workspace.workspaceFolders ?? []).map((each) => [each.name, each.uri.fsPath]),
    ),
    file: document?.uri.scheme === "file" ? document.fileName : null,
    home: homedir(),
    separator: sep,
    environment: process.env,
    config: (key) => vscode.workspace.getConfiguration(undefined, folder.uri).get(key),
  };
}
