// Commands: which task a launch configuration means by its preLaunchTask: a name, VS Code's own name for it, or its definition.
// Pure, but for VS Code's types.

import type * as vscode from "vscode";

export type TaskLike = Pick<
  vscode.Task,
  "name" | "source" | "definition" | "scope" | "group" | "isBackground"
>;

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of launch.json
const DEFAULT_BUILD = "${defaultBuildTask}";

/** Null: there is none. One of `folder` comes before others, one that the user wrote before one that was found. */
export function findTask<T extends TaskLike>(tasks: readonly T[], wanted: unknown, folder: string): T | null {
  const fits = tasks.filter((task) => isMeant(task, wanted));
  const rank = (task: T) => (folderOf(task) === folder ? 0 : 2) + (task.source === "Workspace" ? 0 : 1);
  return fits.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

function isMeant({ name, source, definition, group }: TaskLike, wanted: unknown): boolean {
  if (wanted === DEFAULT_BUILD) return group?.id === "build" && group.isDefault === true;
  if (typeof wanted === "string") return name === wanted || `${source}: ${name}` === wanted;
  if (typeof wanted !== "object" || wanted === null) return false;
  const keys = Object.entries(wanted);
  return keys.length > 0 && keys.every(([key, value]) => definition[key] === value);
}

function folderOf({ scope }: TaskLike): string | null {
  return typeof scope === "object" ? scope.uri.fsPath : null;
}

/** In words, for a message. */
export function nameOfTask(wanted: unknown): string {
  if (typeof wanted === "string") return wanted === DEFAULT_BUILD ? "the default build task" : wanted;
  return JSON.stringify(wanted);
}

/** What a task of tasks.json stands for that has no command of its own; null: it is no such task. */
export interface Composite {
  readonly parts: readonly unknown[];
  readonly inOrder: boolean;
}

/** @param written what tasks.json holds under `tasks` */
export function compositeOf(written: unknown, name: string): Composite | null {
  if (!Array.isArray(written)) return null;
  const found: unknown = written.find((each: unknown) => isRecord(each) && each.label === name);
  if (!isRecord(found) || found.dependsOn === undefined) return null;
  const parts: readonly unknown[] = Array.isArray(found.dependsOn) ? found.dependsOn : [found.dependsOn];
  return { parts, inOrder: found.dependsOrder === "sequence" };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
