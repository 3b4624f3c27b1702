// Collector, diagnosis: the processes of this machine, as the kernel tells: /proc on Linux, `ps` elsewhere. What it does
// not tell is null.

import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const MOST_PROCESSES = 20_000;
const MOST_WORDS = 40;
const MOST_CHARACTERS = 400;
const PS_DEADLINE_MS = 5_000;
/** Of /proc/PID/stat, its 22nd field, counted from the state. */
const STARTED = 19;

/** Where a process stands in the tree. */
export interface Standing {
  readonly pid: number;
  readonly parentPid: number;
  readonly group: number;
  /** `R`, `S`, `T` (stopped), `Z` (ended, not yet collected) …; null where it is not told. */
  readonly state: string | null;
  /** When it was started, in the kernel's own unit: another one of the same id has another; null where it is not told. */
  readonly started: string | null;
}

export interface Identity {
  readonly words: readonly string[];
  /** Path of the program. */
  readonly executable: string | null;
  /** What it was started with; null where it may not be read. */
  readonly environment: ReadonlyMap<string, string> | null;
}

/** Empty where this platform does not tell (Windows). Never throws. */
export async function standings(): Promise<Standing[]> {
  try {
    return process.platform === "linux"
      ? await fromProc()
      : process.platform === "win32"
        ? []
        : await fromPs();
  } catch {
    return [];
  }
}

/** Null: it has ended. */
export async function identityOf(pid: number): Promise<Identity | null> {
  if (process.platform !== "linux") return identityFromPs(pid).catch(() => null);
  const [words, executable, environment] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, "utf8").then(split, () => []),
    readlink(`/proc/${pid}/exe`).catch(() => null),
    environmentOf(pid),
  ]);
  return words.length === 0 ? null : { words: bounded(words), executable, environment };
}

/** What a process was started with; null where it may not be read. Linux only. */
export function environmentOf(pid: number): Promise<ReadonlyMap<string, string> | null> {
  return readFile(`/proc/${pid}/environ`, "utf8").then(variables, () => null);
}

async function fromProc(): Promise<Standing[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).slice(0, MOST_PROCESSES);
  const found = await Promise.all(
    names.map((name) => readFile(`/proc/${name}/stat`, "utf8").catch(() => "")),
  );
  return found.flatMap((text, index) => {
    // After the name, which may hold anything: state, parent, group and others.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state = "", parent, group] = fields;
    if (text === "") return [];
    const started = fields[STARTED] ?? null;
    return [{ pid: Number(names[index]), parentPid: Number(parent), group: Number(group), state, started }];
  });
}

async function fromPs(): Promise<Standing[]> {
  const lines = await ps("-axo", "pid=,ppid=,pgid=,state=");
  return lines.slice(0, MOST_PROCESSES).flatMap((line) => {
    const [pid, parentPid, group, state] = line.trim().split(/\s+/);
    return pid === undefined || state === undefined
      ? []
      : [
          {
            pid: Number(pid),
            parentPid: Number(parentPid),
            group: Number(group),
            state: state.slice(0, 1),
            started: null,
          },
        ];
  });
}

/** Words that hold spaces come apart: `ps` does not tell where they begin. */
async function identityFromPs(pid: number): Promise<Identity | null> {
  const [line = ""] = await ps("-o", "command=", "-p", String(pid));
  const words = line.trim().split(/\s+/);
  if (words[0] === undefined || words[0] === "") return null;
  return { words: bounded(words), executable: null, environment: null };
}

async function ps(...words: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", words, {
    timeout: PS_DEADLINE_MS,
    maxBuffer: 8 * 1024 * 1024,
  });
  return stdout.split("\n").filter((line) => line !== "");
}

function split(text: string): string[] {
  return text === "" ? [] : text.replace(/\0+$/, "").split("\0");
}

function bounded(words: readonly string[]): string[] {
  return words.slice(0, MOST_WORDS).map((word) => word.slice(0, MOST_CHARACTERS));
}

function variables(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of split(text)) {
    const at = line.indexOf("=");
    if (at > 0) found.set(line.slice(0, at), line.slice(at + 1));
  }
  return found;
}
