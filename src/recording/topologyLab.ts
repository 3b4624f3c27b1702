// Recording: the topology lab for the extension: the command line that is built in runs it, in a process of its own, as a user would.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import type { Topology } from "../protocol/sessionFile.ts";

export interface LabOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly nodePath: string;
  /** The bundle of the command line. */
  readonly cli: string;
  readonly topologies: readonly Topology[];
  readonly rounds: number;
  readonly workers: number;
  readonly method: string;
  readonly path: string;
  readonly connections: number;
  /** Measured in each run. */
  readonly seconds: number;
}

export const WARMUP_SECONDS = 2;
const INTERRUPTED = 130;
const MOST_CHARACTERS = 65_536;
const RUN = /^darcy {2}Round (\d+) of (\d+): (\w+)$/gm;

export interface LabRun {
  /** Markdown; null: it was stopped. @throws UserError with the command line's own reason */
  readonly done: Promise<string | null>;
  /** Ends the server that runs, and the lab. */
  stop(): void;
}

/** @param onRun a topology's turn has begun, in words, as the command line says it */
export function runLab(options: LabOptions, onRun: (text: string) => void): LabRun {
  let child: ChildProcess | null = null;
  let stopped = false;
  const stop = () => {
    stopped = true;
    if (child !== null) interrupt(child);
  };
  const run = async (): Promise<string | null> => {
    const folder = await mkdtemp(join(tmpdir(), "darcy-lab-"));
    try {
      if (stopped) return null;
      const out = join(folder, "lab.md");
      child = spawn(options.nodePath, labWords(options, out), {
        cwd: options.cwd,
        env: options.environment,
        stdio: ["ignore", "pipe", "pipe"],
        windowsHide: true,
      });
      const output = new Tail(child, onRun);
      const code = await ended(child);
      if (stopped || code === INTERRUPTED) return null;
      if (code === 0) return await readFile(out, "utf8");
      throw output.reason();
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  };
  return { done: run(), stop };
}

/** Also of one that could not be started: why is among what it said. */
function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
}

export function labWords(options: LabOptions, out: string): string[] {
  const { cli, topologies, rounds, workers, method, path, connections, seconds, command } = options;
  return [
    cli,
    "record",
    `--topology=${topologies.join(",")}`,
    `--rounds=${rounds}`,
    `--workers=${workers}`,
    `--load=${path}`,
    `--method=${method}`,
    `--connections=${connections}`,
    `--warmup=${WARMUP_SECONDS}`,
    `--duration=${seconds}`,
    "--format=markdown",
    `--out=${out}`,
    "--",
    ...command,
  ];
}

/** On Windows no signal can be caught, and what a process has started stays when it ends. */
function interrupt(child: ChildProcess): void {
  if (process.platform === "win32" && child.pid !== undefined)
    spawnSync("taskkill", ["/pid", String(child.pid), "/T", "/F"], { windowsHide: true });
  else child.kill("SIGINT");
}

/** The end of what the command line and the server have written. */
class Tail {
  #text = "";
  #newest = "";

  constructor(child: ChildProcess, onRun: (text: string) => void) {
    // Read, so that the server does not wait for a reader; it may be anything.
    child.stdout?.resume();
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-MOST_CHARACTERS);
      const runs = [...this.#text.matchAll(RUN)].map(
        ([, round, of, name]) => `round ${round} of ${of}: ${name}`,
      );
      const newest = runs.at(-1);
      if (newest === undefined || newest === this.#newest) return;
      this.#newest = newest;
      onRun(newest);
    });
    child.on("error", (error) => {
      this.#text += `\ndarcy: ${error.message}\n`;
    });
  }

  /** What stands after the last "darcy: ". */
  reason(): UserError {
    const [first, ...rest] = (
      /^darcy: ([\s\S]*)$/m.exec(this.#text.slice(this.#lastWord()))?.[1] ?? ""
    ).split("\n");
    if (first === undefined || first === "")
      return new UserError(
        t("The comparison failed without a word."),
        t("Try it in a terminal: darcy record --topology …"),
      );
    return new UserError(first, rest.join(" ").trim());
  }

  #lastWord(): number {
    return Math.max(0, this.#text.lastIndexOf("\ndarcy: ") + 1);
  }
}
