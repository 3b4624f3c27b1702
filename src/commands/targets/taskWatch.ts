// Commands: which tasks start while one is run with what it depends on, and how their processes end.

import * as vscode from "vscode";

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

  constructor() {
    this.#listeners = vscode.Disposable.from(
      vscode.tasks.onDidStartTask(({ execution }) => {
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
