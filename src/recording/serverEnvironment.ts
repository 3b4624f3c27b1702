// Recording: the environment of a server that runs in a terminal: the terminal's own, with what is changed for it.

import { homedir } from "node:os";
import * as vscode from "vscode";

/** NODE_OPTIONS of the setting terminal.integrated.env.*: ours are added to them; alone, ours would take their place. */
export function terminalNodeOptions(cwd: string): Readonly<Record<string, string | null>> {
  const name =
    process.platform === "win32" ? "windows" : process.platform === "darwin" ? "osx" : process.platform;
  const terminal = vscode.workspace.getConfiguration("terminal.integrated.env", vscode.Uri.file(cwd));
  const variables: unknown = terminal.get(name);
  if (typeof variables !== "object" || variables === null) return {};
  const { NODE_OPTIONS: options } = variables as Record<string, unknown>;
  // Null takes the variable away.
  if (options === null) return { NODE_OPTIONS: null };
  return typeof options === "string" ? { NODE_OPTIONS: filledIn(options, cwd) } : {};
}

/** As VS Code fills in what a terminal is given; what it has more is left as it stands. */
function filledIn(text: string, cwd: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(cwd))?.uri.fsPath ?? cwd;
  return text
    .replaceAll(/\$\{workspaceFolder\}/g, () => folder)
    .replaceAll(/\$\{userHome\}/g, () => homedir())
    .replaceAll(/\$\{env:([^}]+)\}/g, (_, name: string) => process.env[name] ?? "");
}

/** @param changes null takes a variable away */
export function withChanges(
  base: NodeJS.ProcessEnv,
  changes: Readonly<Record<string, string | null>>,
): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete environment[name];
    else environment[name] = value;
  }
  return environment;
}

/** The terminal has the user's own environment; the extension host's many variables are not for the server. */
export function changesTo(base: NodeJS.ProcessEnv, wanted: NodeJS.ProcessEnv): Record<string, string> {
  const changed = Object.entries(wanted).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== base[entry[0]],
  );
  return Object.fromEntries(changed);
}

/** NODE_OPTIONS that the user takes away are still ours to set. */
export function removedBy(
  changes: Readonly<Record<string, string | null>>,
  set: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(changes).filter((name) => changes[name] === null && set[name] === undefined);
}

/** Without what is VS Code's own, as its terminals leave it out too: of it, ELECTRON_RUN_AS_NODE would change a server. */
export function ownVariablesLeftOut(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(?:ELECTRON_|VSCODE_|SNAP(?:_|$))/.test(name)),
  );
}
