// VS Code tests: the extension as other extensions see it, and waiting for what it says.

import * as vscode from "vscode";
import type { DarcyApi } from "../../../src/extension.ts";
import type { PanelState } from "../../../src/protocol/panel.ts";

export function extension(): vscode.Extension<DarcyApi> {
  const found = vscode.extensions.getExtension<DarcyApi>("darcy.darcy");
  if (found === undefined) throw new Error("The extension is not installed.");
  return found;
}

export function workspaceFile(...names: string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error("No folder is open.");
  return vscode.Uri.joinPath(folder.uri, ...names);
}

type Promised<T> = T | Promise<T>;

/** Polls until the condition gives something; there is no event for most of it. */
export async function until<T>(
  what: string,
  condition: () => Promised<T | null | undefined | false>,
  millis = 60_000,
): Promise<T> {
  const deadline = Date.now() + millis;
  for (;;) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Not within ${millis / 1_000} s: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function phase(api: DarcyApi, wanted: PanelState["phase"]): Promise<PanelState> {
  return until(`phase ${wanted}`, () => {
    const state = api.state();
    if (state.phase === "error" && wanted !== "error")
      throw new Error(`${state.error?.message} ${state.error?.remedy}`);
    return state.phase === wanted && state;
  });
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
