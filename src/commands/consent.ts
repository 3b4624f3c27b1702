// Commands: what is asked before something is started: trust, and whether a recording that runs may end.

import * as vscode from "vscode";
import type { Services } from "../services.ts";

/** A key binding reaches a command in Restricted Mode too. */
export async function maySpawn(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const button = "Manage Workspace Trust";
  const answer = await vscode.window.showWarningMessage(
    "Darcy runs the workspace's own code, so it starts nothing in Restricted Mode. Saved recordings can be viewed.",
    button,
  );
  if (answer === button) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}

/** @param purpose what is to be started in its place */
export async function mayReplace(
  { recorder }: Services,
  purpose = "start another recording",
): Promise<boolean> {
  const running = recorder.recording;
  if (running?.active !== true) return true;
  const button = "Stop and Start";
  const answer = await vscode.window.showWarningMessage(
    `${running.title} is being recorded. Stop it and ${purpose}?`,
    { modal: true },
    button,
  );
  if (answer !== button) return false;
  await recorder.stop();
  return true;
}
