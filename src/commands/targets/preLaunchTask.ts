// Commands: what a launch configuration wants done first, and what happens when that fails: as VS Code's debugger does it, its
// setting debug.onTaskErrors included.

import * as vscode from "vscode";
import { UserError } from "../../common/errors.ts";
import { log } from "../../common/log.ts";
import { nameOfTask } from "./findTask.ts";
import { runTask, type TaskEnd } from "./taskRun.ts";

/** False: the user does not want to go on. @throws UserError when it failed and the settings say to stop then */
export async function runPreLaunchTask(
  wanted: unknown,
  folder: vscode.WorkspaceFolder,
  title: string,
): Promise<boolean> {
  const end = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Darcy: running ${nameOfTask(wanted)} before ${title}`,
      cancellable: true,
    },
    (_progress, cancel) => runTask(wanted, folder, cancel),
  );
  switch (end.kind) {
    case "done":
      return true;
    case "canceled":
      return false;
    case "background":
      return startWhenReady(end.name, title);
    default:
      return startAnyway(inWords(end));
  }
}

function inWords(end: Exclude<TaskEnd, { kind: "done" | "canceled" | "background" }>): string {
  if (end.kind === "missing") return `There is no task “${end.name}”, which the configuration runs first.`;
  const how = end.code === null ? "failed" : `ended with code ${end.code}`;
  return `The preLaunchTask “${end.name}” ${how}.`;
}

async function startAnyway(what: string): Promise<boolean> {
  log().warn(what);
  const habit = vscode.workspace.getConfiguration("debug").get("onTaskErrors");
  if (habit === "debugAnyway") return true;
  if (habit === "abort" || habit === "showErrors")
    throw new UserError(`${what} The server was not started.`, "Its terminal says why.");
  const button = "Start Anyway";
  const detail = "Its terminal says why. The server has not been started.";
  const answer = await vscode.window.showWarningMessage(what, { modal: true, detail }, button);
  return answer === button;
}

async function startWhenReady(name: string, title: string): Promise<boolean> {
  const button = "Start Server";
  const answer = await vscode.window.showInformationMessage(
    `“${name}” runs in the background. When its terminal shows that it is ready, start ${title}.`,
    button,
  );
  return answer === button;
}
