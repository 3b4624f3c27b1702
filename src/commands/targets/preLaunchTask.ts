// Commands: what a launch configuration wants done first. VS Code's own debug service runs it, for a launch that never becomes a
// debug session: so dependencies, background tasks and their problem matchers, inputs and the setting debug.onTaskErrors mean
// what they mean for a debugger.

import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { UserError } from "../../common/errors.ts";
import { log } from "../../common/log.ts";
import { t } from "../../model/l10n.ts";
import { TaskWatch } from "./taskWatch.ts";

/** False: the user does not want to go on. @throws UserError when it failed and nobody has said so yet */
export async function runPreLaunchTask(
  wanted: unknown,
  folder: vscode.WorkspaceFolder,
  title: string,
): Promise<boolean> {
  const task = await withoutVariable(wanted);
  const name = typeof task === "string" ? task : JSON.stringify(task);
  const watch = new TaskWatch(task, folder);
  try {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: t("Darcy: running {0} before {1}", name, title),
      cancellable: true,
    };
    const end = await vscode.window.withProgress(options, async (_progress, cancel) => {
      cancel.onCancellationRequested(() => watch.endTasks());
      if (await becameReady(task, folder, title)) return "ready";
      return cancel.isCancellationRequested ? "canceled" : "not ready";
    });
    // The debugger would start all the same when a background task ended by itself.
    if (end === "ready" && watch.brokenBackground === null) return true;
    return end === "ready" ? await startAnyway(watch, title) : notStarted(name, title, end, watch);
  } finally {
    watch.dispose();
  }
}

/**
 * Whether the debug service would go on to the session. It asks providers of a configuration's type for their last word after the
 * task (js-debug looks then whether the task has built the program); ours has none, which ends the launch without a word.
 */
async function becameReady(task: unknown, folder: vscode.WorkspaceFolder, title: string): Promise<boolean> {
  const type = `darcy-${randomUUID()}`;
  let ready = false;
  const provider = vscode.debug.registerDebugConfigurationProvider(type, {
    resolveDebugConfigurationWithSubstitutedVariables: () => {
      ready = true;
      return undefined;
    },
  });
  try {
    await vscode.debug.startDebugging(folder, {
      type,
      request: "launch",
      name: title,
      preLaunchTask: task,
    });
    return ready;
  } finally {
    provider.dispose();
  }
}

/** The debug service resolves variables only of types that an extension contributes. */
async function withoutVariable(wanted: unknown): Promise<unknown> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of launch.json
  if (wanted !== "${defaultBuildTask}") return wanted;
  const found = (await vscode.tasks.fetchTasks()).find(
    ({ group }) => group?.id === vscode.TaskGroup.Build.id && group.isDefault === true,
  );
  if (found === undefined) return wanted;
  return found.source === "Workspace" ? found.name : `${found.source}: ${found.name}`;
}

async function startAnyway({ brokenBackground }: TaskWatch, title: string): Promise<boolean> {
  const button = t("Start Anyway");
  const what = t("The task “{0}” should go on in the background, and has ended.", brokenBackground ?? "");
  log().warn(what);
  if (onTaskErrors() === "debugAnyway") return true;
  if (!asksOnErrors()) throw notStartedError(what);
  const detail = t("Its terminal says why. {0} has not been started.", title);
  return (await vscode.window.showWarningMessage(what, { modal: true, detail }, button)) === button;
}

/** Says why, where VS Code has not asked the user. */
function notStarted(name: string, title: string, end: "canceled" | "not ready", watch: TaskWatch): false {
  const { failure, wasEnded } = watch;
  if (end === "canceled" || wasEnded) {
    const text = t("{0} was not started: its preLaunchTask “{1}” was canceled.", title, name);
    log().info(text);
    void vscode.window.showInformationMessage(text);
    return false;
  }
  const what =
    failure === null
      ? t("The preLaunchTask “{0}” did not succeed.", name)
      : t("The preLaunchTask “{0}” failed: “{1}” ended with code {2}.", name, failure.name, failure.code);
  log().warn(what);
  if (asksOnErrors()) return false;
  throw notStartedError(what);
}

function notStartedError(what: string): UserError {
  return new UserError(`${what} ${t("The server was not started.")}`, t("Its terminal says why."));
}

const onTaskErrors = () => vscode.workspace.getConfiguration("debug").get<string>("onTaskErrors");
const asksOnErrors = () => onTaskErrors() !== "abort" && onTaskErrors() !== "showErrors";
