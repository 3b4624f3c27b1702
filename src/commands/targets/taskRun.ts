// Commands: runs one task of the workspace to its end.

import * as vscode from "vscode";
import { compositeOf, findTask, nameOfTask } from "./findTask.ts";

/** What became of a task. */
export type TaskEnd =
  | { readonly kind: "done" | "canceled" }
  /** Without an end; VS Code does not tell extensions when it is ready. */
  | { readonly kind: "background"; readonly name: string }
  | { readonly kind: "missing"; readonly name: string }
  /** `code` null: not known, as where a task that it depends on failed. */
  | { readonly kind: "failed"; readonly name: string; readonly code: number | null };

const MOST_DEEP = 10;
/** The end of its process is told before or soon after the end of the task. */
const PROCESS_END_MILLIS = 500;

/** @param wanted a task's name or definition */
export async function runTask(
  wanted: unknown,
  folder: vscode.WorkspaceFolder,
  cancel: vscode.CancellationToken,
  depth = 0,
): Promise<TaskEnd> {
  const name = nameOfTask(wanted);
  const task = findTask(await vscode.tasks.fetchTasks(), wanted, folder.uri.fsPath);
  if (cancel.isCancellationRequested) return { kind: "canceled" };
  if (task === null || depth > MOST_DEEP) return { kind: "missing", name };
  if (task.execution !== undefined) return toEnd(task, cancel);
  // Without a command of its own VS Code runs what it depends on, and tells nobody when that has ended.
  const written: unknown = vscode.workspace.getConfiguration("tasks", folder.uri).get("tasks");
  const composite = compositeOf(written, task.name);
  if (composite === null) return toEnd(task, cancel);
  const ends: TaskEnd[] = [];
  const runs = composite.parts.map((part) => () => runTask(part, folder, cancel, depth + 1));
  if (composite.inOrder) {
    for (const run of runs) {
      ends.push(await run());
      if (ends.at(-1)?.kind !== "done" && ends.at(-1)?.kind !== "background") break;
    }
  } else ends.push(...(await Promise.all(runs.map((run) => run()))));
  const worst = ["canceled", "missing", "failed", "background"] as const;
  for (const kind of worst) {
    const found = ends.find((end) => end.kind === kind);
    if (found !== undefined) return found;
  }
  return { kind: "done" };
}

async function toEnd(task: vscode.Task, cancel: vscode.CancellationToken): Promise<TaskEnd> {
  const { name } = task;
  const runs = vscode.tasks.taskExecutions.some(
    (each) => each.task.name === name && each.task.source === task.source,
  );
  if (task.isBackground && runs) return { kind: "done" };
  const watch = new EndWatch();
  try {
    const execution = await vscode.tasks.executeTask(task);
    if (task.isBackground) return { kind: "background", name };
    const canceled = new Promise<"canceled">((done) => {
      cancel.onCancellationRequested(() => done("canceled"));
      if (cancel.isCancellationRequested) done("canceled");
    });
    const end = await Promise.race([watch.endOf(execution), canceled]);
    if (end === "canceled") {
      execution.terminate();
      return { kind: "canceled" };
    }
    return end.code === 0 ? { kind: "done" } : { kind: "failed", name, code: end.code };
  } catch {
    return { kind: "failed", name, code: null };
  } finally {
    watch.dispose();
  }
}

/** Listens before the task runs: one that fails at once ends before executeTask returns. */
class EndWatch implements vscode.Disposable {
  readonly #ends = new Map<vscode.TaskExecution, { code: number | null }>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listeners: vscode.Disposable;

  constructor() {
    const end = (execution: vscode.TaskExecution, code: number | null) => {
      if (!this.#ends.has(execution)) this.#ends.set(execution, { code });
      this.#changed.fire();
    };
    this.#listeners = vscode.Disposable.from(
      // A pseudoterminal may end without a code: that is no failure.
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => end(execution, exitCode ?? 0)),
      vscode.tasks.onDidEndTask(({ execution }) =>
        setTimeout(() => end(execution, null), PROCESS_END_MILLIS),
      ),
    );
  }

  endOf(execution: vscode.TaskExecution): Promise<{ readonly code: number | null }> {
    return new Promise((done) => {
      const look = () => {
        const found = this.#ends.get(execution);
        if (found !== undefined) done(found);
      };
      this.#changed.event(look);
      look();
    });
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#changed.dispose();
  }
}
