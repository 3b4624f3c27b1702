// Commands: the Node configurations of launch.json as targets.

import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, resolve, sep } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../../common/errors.ts";
import { findOnPath, type NodeBinary } from "../../recording/node.ts";
import { type NodeConfiguration, readConfiguration } from "./launchConfiguration.ts";
import { substitute, type VariableValues } from "./launchVariables.ts";
import { nodeCommand } from "./nodeCommand.ts";
import type { Launch, Target } from "./target.ts";

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

export function launchOf(found: NodeConfiguration, node: NodeBinary, values: VariableValues): Launch {
  const fill = (text: string) => substitute(text, values);
  const cwd = resolve(values.workspaceFolder, found.cwd === null ? "." : fill(found.cwd));
  const environment = Object.fromEntries(
    Object.entries(found.environment).map(([name, value]) => [name, value === null ? null : fill(value)]),
  );
  const runtimeArgs = found.runtimeArgs.map(fill);
  const args = found.args.map(fill);
  const program = found.program === null ? null : resolve(cwd, fill(found.program));
  const runtime = found.runtimeExecutable === null ? "node" : fill(found.runtimeExecutable);
  if (/^node(\.exe)?$/.test(runtime)) {
    const command =
      program === null
        ? [node.path, ...runtimeArgs, ...args]
        : nodeCommand(node, program, { before: runtimeArgs, after: args });
    return { title: found.name, command, cwd, environment };
  }
  const path = `${dirname(node.path)}${delimiter}${environment.PATH ?? values.environment.PATH ?? ""}`;
  return {
    title: found.name,
    command: [
      findRuntime(runtime, cwd, { ...values.environment, PATH: path }),
      ...runtimeArgs,
      ...(program === null ? [] : [program]),
      ...args,
    ],
    cwd,
    environment: { ...environment, PATH: path },
  };
}

function findRuntime(runtime: string, cwd: string, environment: NodeJS.ProcessEnv): string {
  if (isAbsolute(runtime)) return runtime;
  if (/[\\/]/.test(runtime)) return resolve(cwd, runtime);
  const found =
    findOnPath(runtime, environment) ?? findOnPath(runtime, { PATH: resolve(cwd, "node_modules", ".bin") });
  if (found !== null) return found;
  throw new UserError(
    `The launch configuration's runtimeExecutable, ${runtime}, was not found.`,
    "Install it, or give its absolute path.",
  );
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
