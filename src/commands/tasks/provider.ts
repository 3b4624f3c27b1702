// Commands: tasks of type "darcy": each records a server by the command line that is built in, in a terminal.

import { dirname, isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { NodeBinary } from "../../collector/findNode.ts";
import { errorText, UserError } from "../../common/errors.ts";
import { setting } from "../../common/settings.ts";
import { TASK_TYPE } from "../../contributions.ts";
import { t } from "../../model/l10n.ts";
import { findNode } from "../../recording/node.ts";
import { startsServer } from "../targets/packageFile.ts";
import { managerCommand, packageFiles, pathWith, readPackage } from "../targets/packageScripts.ts";
import { problemExecution } from "./problemTerminal.ts";
import { readRecordTask, settingWords, TaskProblem, type TaskSettings } from "./recordWords.ts";

export class RecordTasks implements vscode.TaskProvider {
  constructor(private readonly extension: vscode.Uri) {}

  /** One for each script that starts a server. */
  async provideTasks(): Promise<vscode.Task[]> {
    if (!vscode.workspace.isTrusted) return [];
    const tasks: vscode.Task[] = [];
    const node = chosenNode();
    for (const { uri, found } of await packageFiles()) {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      if (folder === undefined) continue;
      const cwd = vscode.workspace.asRelativePath(dirname(uri.fsPath), false);
      const inside = dirname(uri.fsPath) === folder.uri.fsPath ? {} : { cwd };
      for (const [script, line] of Object.entries(found.scripts))
        if (startsServer(script, line))
          tasks.push(await this.#taskOf({ type: TASK_TYPE, script, ...inside }, folder, node));
    }
    return tasks;
  }

  /** One of tasks.json, which keeps its own name. */
  async resolveTask({ definition, scope, name }: vscode.Task): Promise<vscode.Task> {
    const folder = typeof scope === "object" ? scope : vscode.workspace.workspaceFolders?.[0];
    return this.#taskOf(definition, folder, chosenNode(), name);
  }

  async #taskOf(
    definition: vscode.TaskDefinition,
    folder: vscode.WorkspaceFolder | undefined,
    chosen: Promise<NodeBinary>,
    name = nameOf(definition),
  ): Promise<vscode.Task> {
    const execution = await this.#execution(definition, folder, chosen).catch(inWords);
    const task = new vscode.Task(
      definition,
      folder ?? vscode.TaskScope.Workspace,
      name,
      TASK_TYPE,
      execution,
      [],
    );
    task.detail = t("Records the server until Ctrl-C, or for the seconds of its load");
    return task;
  }

  async #execution(
    definition: vscode.TaskDefinition,
    folder: vscode.WorkspaceFolder | undefined,
    chosen: Promise<NodeBinary>,
  ): Promise<vscode.ProcessExecution> {
    if (folder?.uri.scheme !== "file") throw new TaskProblem("It needs a folder on this machine.");
    const { script, command, cwd, environment, options } = readRecordTask(definition, process.platform);
    const place = isAbsolute(cwd) || cwd.startsWith("${") ? cwd : join(folder.uri.fsPath, cwd);
    const node = await chosen;
    const cli = vscode.Uri.joinPath(this.extension, "dist", "cli.js").fsPath;
    const words =
      command ??
      (await scriptCommand(
        place.replaceAll(/\$\{workspaceFolder\}/g, () => folder.uri.fsPath),
        script,
      ));
    return new vscode.ProcessExecution(
      node.path,
      [cli, "record", ...settingWords(settingsIn(folder), options), ...options, "--", ...words],
      { cwd: place, env: { ...environment, PATH: pathWith(node, environment.PATH) } },
    );
  }
}

/** VS Code fills variables in later, and we look into the folder now. */
async function scriptCommand(folder: string, script: string | null): Promise<readonly string[]> {
  if (folder.includes("${"))
    throw new TaskProblem(
      `"cwd" of a task with a "script" may have no other variable than \${workspaceFolder}.`,
    );
  return managerCommand(await managerIn(folder, script ?? ""), script ?? "");
}

/** Asked once for all tasks: it starts a process. */
function chosenNode(): Promise<NodeBinary> {
  const node = findNode(setting("darcy.nodePath"), process.env);
  // Where there is no task, nobody waits for it.
  node.catch(() => undefined);
  return node;
}

function settingsIn({ uri }: vscode.WorkspaceFolder): TaskSettings {
  return {
    workers: setting("darcy.workers", uri),
    topology: setting("darcy.topology", uri),
    stacksPerSecond: setting("darcy.stacksPerSecond", uri),
    rests: setting("darcy.rests", uri),
    followPercent: setting("darcy.followPercent", uri),
  };
}

/** @throws TaskProblem when the package.json there has no such script */
async function managerIn(folder: string, script: string): Promise<string> {
  const found = await readPackage(join(folder, "package.json"));
  if (found !== null && Object.hasOwn(found.scripts, script)) return found.manager;
  throw new TaskProblem(`There is no script "${script}" in ${join(folder, "package.json")}.`);
}

function inWords(error: unknown): vscode.CustomExecution {
  if (error instanceof TaskProblem) return problemExecution(`darcy: The task can't run. ${error.message}`);
  if (error instanceof UserError) return problemExecution(`darcy: ${error.message} ${error.remedy}`);
  return problemExecution(`darcy: The task can't run. ${errorText(error)}`);
}

function nameOf({ script, cwd }: vscode.TaskDefinition): string {
  return typeof cwd === "string" ? `record ${String(script)} - ${cwd}` : `record ${String(script)}`;
}
