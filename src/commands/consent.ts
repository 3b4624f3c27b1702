// Commands: what is asked before something is started: trust, and whether a recording that runs may end.

import * as vscode from "vscode";
import { t } from "../model/l10n.ts";
import type { Services } from "../services.ts";

/** A key binding reaches a command in Restricted Mode too. */
export async function maySpawn(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const button = t("Manage Workspace Trust");
  const answer = await vscode.window.showWarningMessage(
    t(
      "Darcy runs the workspace's own code, so it starts nothing in Restricted Mode. Saved recordings can be viewed.",
    ),
    button,
  );
  if (answer === button) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}

/** @param purpose what is to be started in its place */
export async function mayReplace(
  { recorder }: Services,
  purpose = t("start another recording"),
): Promise<boolean> {
  const running = recorder.recording;
  if (running?.active !== true) return true;
  // One that was stopped and has not ended yet is only waited for.
  if (running.phase !== "stopping") {
    const button = t("Stop and Start");
    const answer = await vscode.window.showWarningMessage(
      t("{0} is being recorded. Stop it and {1}?", running.title, purpose),
      { modal: true, detail: t("What was measured stays among the sessions, unsaved.") },
      button,
    );
    if (answer !== button) return false;
  }
  await recorder.stop();
  return true;
}
