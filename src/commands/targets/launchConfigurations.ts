// Commands: the Node configurations of launch.json as targets.

import { homedir } from "node:os";
import { sep } from "node:path";
import * as vscode from "vscode";
import { launchOf } from "./launchCommand.ts";
import { type NodeConfiguration, readConfiguration } from "./launchConfiguration.ts";
import type { VariableValues } from "./launchVariables.ts";
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
    ignored: found.ignored.length === 0 ? "" : `without ${found.ignored.join(", ")}`,
    launch: async (node) => launchOf(found, node, valuesFor(folder)),
  };
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
