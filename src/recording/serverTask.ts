// Recording: the user's server as a task, so that it has a terminal of its own whose output stays.

import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { groupRuns } from "../collector/launch.ts";
import { UserError } from "../common/errors.ts";
import { SERVER_TASK_TYPE } from "../contributions.ts";
import { t } from "../model/l10n.ts";

/** After SIGTERM; then the task is ended. */
const GRACE_MILLIS = 5_000;
const LAST_GRACE_MILLIS = 2_000;
const LOOK_MILLIS = 50;
const WINDOWS = process.platform === "win32";

export interface ServerCommand {
  readonly title: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** What is added to or changed in the user's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the server is not to have of it. */
  readonly removed: readonly string[];
}

let lastId = 0;
/** Of the run before, which has ended. */
let lastTerminal: vscode.Terminal | null = null;

export class ServerTask implements vscode.Disposable {
  /** Resolves with the exit code when the server has ended; null when it is not known. */
  readonly exited: Promise<number | null>;
  #pid: number | null = null;
  #running = true;

  private constructor(
    private readonly execution: vscode.TaskExecution,
    watch: TaskWatch,
  ) {
    this.#pid = watch.pid;
    this.exited = watch.exited.then((code) => {
      this.#running = false;
      return code;
    });
  }

  /** @throws UserError when the command can't be started */
  static async start(server: ServerCommand): Promise<ServerTask> {
    const [program, ...words] = withoutVariables(server);
    if (program === undefined) throw new UserError(t("The command is empty."), t("Pick another one."));
    const id = `${process.pid}-${++lastId}`;
    const scope =
      vscode.workspace.getWorkspaceFolder(vscode.Uri.file(server.cwd)) ?? vscode.TaskScope.Workspace;
    const run = new vscode.ProcessExecution(program, words, {
      cwd: server.cwd,
      env: { ...server.environment, ...(WINDOWS ? emptied(server.removed) : {}) },
    });
    const task = new vscode.Task({ type: SERVER_TASK_TYPE, id }, scope, server.title, "Darcy", run, []);
    task.presentationOptions = {
      reveal: vscode.TaskRevealKind.Silent,
      panel: vscode.TaskPanelKind.Dedicated,
      focus: false,
      echo: true,
      showReuseMessage: false,
      clear: true,
    };
    const watch = new TaskWatch(id);
    try {
      const execution = await vscode.tasks.executeTask(task);
      await watch.begun;
      const started = new ServerTask(execution, watch);
      void started.#replaceTerminal();
      return started;
    } catch (error) {
      watch.dispose();
      throw new UserError(
        t("The server was not started: {0}", error instanceof Error ? error.message : String(error)),
        t("Check the command and its working folder."),
        { cause: error },
      );
    }
  }

  /** Null where VS Code does not tell. */
  get pid(): number | null {
    return this.#pid;
  }

  get running(): boolean {
    return this.#running;
  }

  /**
   * SIGTERM to the whole process group, so that a package manager in between does not keep the server. When it
   * resolves none of the group runs: the package manager may end before the server does.
   */
  async stop(serverPid: number | null): Promise<void> {
    if (!(await this.#runs())) return;
    this.#signal("SIGTERM", serverPid);
    if (await this.#endsWithin(GRACE_MILLIS)) return;
    this.execution.terminate();
    this.#signal("SIGKILL", serverPid);
    await this.#endsWithin(LAST_GRACE_MILLIS);
  }

  /** Brings its terminal to front, without the focus. */
  async showTerminal(): Promise<void> {
    (await this.#terminal())?.show(true);
  }

  /** A pane that shows the last run's output shows this one's then, and one that is closed stays so. */
  async #replaceTerminal(): Promise<void> {
    const before = lastTerminal;
    lastTerminal = await this.#terminal();
    if (before !== lastTerminal) before?.dispose();
  }

  async #terminal(): Promise<vscode.Terminal | null> {
    // One that has no process yet keeps its answer back: the others' must not wait for it.
    const looks = vscode.window.terminals.map(async (terminal) => {
      if (this.#pid === null || (await terminal.processId) !== this.#pid) throw new Error("another");
      return terminal;
    });
    return Promise.any(looks).catch(() => null);
  }

  dispose(): void {
    if (this.#running) this.#signal("SIGTERM", null);
  }

  #signal(signal: NodeJS.Signals, serverPid: number | null): void {
    // A terminal's process leads its own group. Windows has neither groups nor signals that can be caught.
    if (WINDOWS) this.execution.terminate();
    else if (!(this.#pid !== null && send(-this.#pid, signal)) && serverPid !== null) send(serverPid, signal);
  }

  async #endsWithin(millis: number): Promise<boolean> {
    const deadline = performance.now() + millis;
    while (await this.#runs()) {
      if (performance.now() >= deadline) return false;
      await Promise.race([delay(LOOK_MILLIS), ...(this.#running ? [this.exited] : [])]);
    }
    return true;
  }

  async #runs(): Promise<boolean> {
    return this.#running || (this.#pid !== null && (await groupRuns(this.#pid)));
  }
}

/** VS Code can set a terminal's variables but not take one away. `env` becomes the program, with the same process id. */
function withoutVariables({ command, removed }: ServerCommand): readonly string[] {
  if (removed.length === 0 || WINDOWS) return command;
  // It takes a program with = in its path for a variable.
  const plain =
    command[0]?.includes("=") === true ? ["/bin/sh", "-c", 'exec "$0" "$@"', ...command] : command;
  return ["/usr/bin/env", ...removed.flatMap((name) => ["-u", name]), ...plain];
}

function emptied(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Listens before the task runs: a server that fails at once ends before executeTask returns. */
class TaskWatch implements vscode.Disposable {
  pid: number | null = null;
  readonly begun: Promise<void>;
  readonly exited: Promise<number | null>;
  readonly #listeners: vscode.Disposable[] = [];

  constructor(id: string) {
    const ours = (execution: vscode.TaskExecution) => execution.task.definition.id === id;
    let begin = () => {};
    this.begun = new Promise((done) => {
      begin = done;
    });
    this.exited = new Promise((done) => {
      const end = (code: number | null) => {
        begin();
        done(code);
        this.dispose();
      };
      this.#listeners.push(
        vscode.tasks.onDidStartTaskProcess((event) => {
          if (!ours(event.execution)) return;
          this.pid = event.processId > 0 ? event.processId : null;
          begin();
        }),
        vscode.tasks.onDidEndTaskProcess((event) => {
          if (ours(event.execution)) end(event.exitCode ?? null);
        }),
        // A task whose process never started ends without an end of its process.
        vscode.tasks.onDidEndTask((event) => {
          if (ours(event.execution)) setTimeout(() => end(null), 500);
        }),
      );
    });
  }

  dispose(): void {
    for (const listener of this.#listeners.splice(0)) listener.dispose();
  }
}
