// Commands: which tasks start while one is run with what it depends on, and how their processes end. Others, that the user or
// an extension starts meanwhile, are none of ours.

import * as vscode from "vscode";
import { isNamed, namesOfTasks } from "./taskNames.ts";

export class TaskWatch implements vscode.Disposable {
  /** The first that ended with another code than 0. */
  failure: { readonly name: string; readonly code: number } | null = null;
  /** One of them was ended from outside: by its terminal's bin, or by us. */
  wasEnded = false;
  /** One that should go on, and has ended by itself. */
  brokenBackground: string | null = null;
  #ending = false;
  readonly #started = new Set<vscode.TaskExecution>();
  readonly #running = new Set<vscode.TaskExecution>();
  readonly #listeners: vscode.Disposable;

  /** @param wanted as in launch.json */
  constructor(wanted: unknown, folder: vscode.WorkspaceFolder) {
    const names = namesOfTasks(wanted, configuredIn(folder));
    this.#listeners = vscode.Disposable.from(
      vscode.tasks.onDidStartTask(({ execution }) => {
        if (!isIn(execution.task.scope, folder) || !isNamed(execution.task, names)) return;
        this.#started.add(execution);
        this.#running.add(execution);
        if (this.#ending) execution.terminate();
      }),
      // It may come after the end of the task.
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => this.#processEnded(execution, exitCode)),
      vscode.tasks.onDidEndTask(({ execution }) => this.#running.delete(execution)),
    );
  }

  /** Also those that are still to start. */
  endTasks(): void {
    this.#ending = true;
    for (const execution of this.#running) execution.terminate();
  }

  dispose(): void {
    this.#listeners.dispose();
  }

  #processEnded(execution: vscode.TaskExecution, code: number | undefined): void {
    if (!this.#started.has(execution)) return;
    const { name, isBackground } = execution.task;
    if (code === undefined) this.wasEnded = true;
    else if (isBackground) this.brokenBackground ??= name;
    if (code !== undefined && code !== 0) this.failure ??= { name, code };
  }
}

/** Of the folder, the workspace and the user. */
function configuredIn(folder: vscode.WorkspaceFolder): readonly unknown[] {
  const found = vscode.workspace.getConfiguration("tasks", folder.uri).inspect<unknown>("tasks");
  return [found?.workspaceFolderValue, found?.workspaceValue, found?.globalValue].flatMap((list) =>
    Array.isArray(list) ? (list as readonly unknown[]) : [],
  );
}

/** Tasks of the workspace and of the user are of every folder. */
function isIn(scope: vscode.Task["scope"], folder: vscode.WorkspaceFolder): boolean {
  return typeof scope !== "object" || scope.uri.toString() === folder.uri.toString();
}
