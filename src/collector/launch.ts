// Collector: starts the user's server for the command line, in a process group of its own, and ends it for good.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { errorCode, errorText, UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";

/** From SIGTERM to SIGKILL. */
export const STOP_GRACE_MS = 5_000;
const MAX_TAIL_CHARACTERS = 8_192;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** "with code 1", "by SIGSEGV". */
export function howItEnded({ code, signal }: Exit): string {
  return signal === null ? `with code ${code}` : `by ${signal}`;
}

export interface LaunchOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /**
   * Reads the server's stderr on its way to ours, for the reason of a crash. Leave it out on a terminal, which
   * the server is to see as such.
   */
  readonly readErrors?: boolean;
  /** Processes of the server in groups of their own, which are killed with it. */
  readonly others?: () => readonly number[];
}

export interface Launched {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Null while it runs. */
  readonly exit: Exit | null;
  /** The end of what it wrote to stderr, empty unless `readErrors`. */
  readonly errorTail: string;
  /** To the whole group; SIGKILL also to the others, which nobody would end then. */
  signal(signal: NodeJS.Signals): void;
  /** A signal to the group, SIGKILL after the grace; when it resolves, none of the group runs. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<Exit>;
}

/** @throws UserError when the command can't be started */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const [file, ...words] = options.command;
  if (file === undefined || file === "") {
    throw new UserError("There is no command to run.", "Write it after two dashes: -- node server.js");
  }
  if (!existsSync(options.cwd)) {
    throw new UserError(`The folder ${options.cwd} does not exist.`, "Start Darcy in the server's folder.");
  }
  try {
    const child = spawn(file, words, {
      cwd: options.cwd,
      env: options.environment,
      stdio: ["inherit", "inherit", options.readErrors === true ? "pipe" : "inherit"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    return new Group(child, options.others ?? (() => []));
  } catch (error) {
    throw launchError(file, error);
  }
}

export function launchError(file: string, error: unknown): UserError {
  switch (errorCode(error)) {
    case "ENOENT":
      return new UserError(
        t('The command "{0}" was not found.', file),
        t("Check its spelling and that it is on the PATH of this terminal."),
        { cause: error },
      );
    case "EACCES":
      return new UserError(
        t('The command "{0}" may not be run.', file),
        t("Make it executable, or run it by its interpreter: node {0}", file),
        { cause: error },
      );
    default:
      return new UserError(
        t('The command "{0}" could not be started: {1}.', file, errorText(error)),
        t("Try it without Darcy."),
        {
          cause: error,
        },
      );
  }
}

class Group implements Launched {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  exit: Exit | null = null;
  errorTail = "";

  constructor(
    private readonly child: ChildProcess,
    private readonly others: () => readonly number[],
  ) {
    this.pid = child.pid as number;
    child.stderr?.on("data", (chunk: Buffer) => {
      process.stderr.write(chunk);
      this.errorTail = (this.errorTail + chunk.toString()).slice(-MAX_TAIL_CHARACTERS);
    });
    // `close` comes after the last of its stderr; a grandchild that keeps the pipe open must not hold us up.
    this.exited = new Promise((resolve) => {
      const settle = (code: number | null, signal: NodeJS.Signals | null) => {
        this.exit ??= { code, signal };
        resolve(this.exit);
      };
      child.once("close", settle);
      child.once("exit", (code, signal) => setTimeout(settle, 200, code, signal));
    });
  }

  signal(signal: NodeJS.Signals): void {
    const others = signal === "SIGKILL" ? this.others() : [];
    for (const target of [process.platform === "win32" ? this.pid : -this.pid, ...others]) {
      try {
        process.kill(target, signal);
      } catch (error) {
        // ESRCH: nobody is left. EPERM: macOS, when only zombies are.
        if (!["ESRCH", "EPERM"].includes(errorCode(error))) throw error;
      }
    }
  }

  async stop(signal: NodeJS.Signals = "SIGTERM", graceMs = STOP_GRACE_MS): Promise<Exit> {
    const deadline = performance.now() + graceMs;
    if (await this.alive()) this.signal(signal);
    while (performance.now() < deadline && (await this.alive())) await delay(20);
    if (await this.alive()) this.signal("SIGKILL");
    const exit = await this.exited;
    // Whoever left the group may keep the pipe open; our own end does not wait for it.
    (this.child.stderr as Socket | null)?.unref();
    return exit;
  }

  /** Whether any process of the group runs: the command may be gone while the server it started is not. */
  private async alive(): Promise<boolean> {
    return this.exit === null || (await groupRuns(this.pid));
  }
}

/** Whether any process of a group runs; false on Windows, which has none. */
export async function groupRuns(group: number): Promise<boolean> {
  if (process.platform === "win32") return false;
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  // In a container without an init nobody reaps orphans: zombies of the group stay for ever.
  return process.platform !== "linux" || (await hasRunningMember(group));
}

async function hasRunningMember(group: number): Promise<boolean> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    // After the name, which may hold anything: state, parent, group.
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (processGroup === String(group) && state !== "Z" && state !== "X") return true;
  }
  return false;
}
