// Collector, diagnosis: what is known of the command's processes, joined from what the kernel, the preload's notes and the
// workers' hellos tell.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  BYSTANDERS_FILE,
  type Bystander,
  MAX_BYSTANDERS_BYTES,
  SESSION_VARIABLE,
} from "../../protocol/sessionFile.ts";
import { ownEnvironment, PRELOAD_FILE } from "../environment.ts";
import type { Greeted } from "../intake.ts";
import { listeningPorts } from "./listeningPorts.ts";
import { isPm2Worker, type SeenProcess } from "./processWatch.ts";
import { type Program, programOf, type ToolKind, toolKind } from "./program.ts";

const VERSION_DEADLINE_MS = 5_000;
const WHYS: ReadonlySet<unknown> = new Set<Bystander["why"]>(["old", "foreign", "tool", "version"]);
const MOST_VERSIONS = 5;

/**
 * `loaded`: our preload was asked for; `lost`: NODE_OPTIONS names others; `cleared`: nothing of ours is there; `late`: pm2
 * brings ours when Node has read its options already.
 */
export type Reach = "loaded" | "lost" | "cleared" | "late" | "unknown";

export interface Witness {
  readonly pid: number;
  readonly parentPid: number;
  readonly words: readonly string[];
  readonly program: Program;
  /** As `v22.1.0`; null where it is no Node, or not known. */
  readonly node: string | null;
  readonly running: boolean;
  readonly stopped: boolean;
  readonly reach: Reach;
  /** Where ours is lost: what is in its place. */
  readonly nodeOptions: string;
  /** It said hello. */
  readonly greeted: boolean;
  /** Why the preload left it alone; null: it did not say. */
  readonly alone: Bystander["why"] | null;
  /** What it is then. */
  readonly tool: ToolKind | null;
  readonly ports: readonly number[];
}

/** Never throws. */
export async function gather(
  sessionFolder: string,
  sessionFile: string,
  seen: readonly SeenProcess[],
  greeted: readonly Greeted[],
): Promise<Witness[]> {
  const bystanders = new Map((await readBystanders(sessionFolder)).map((found) => [found.pid, found]));
  const greetedBy = new Map(greeted.map((found) => [found.pid, found]));
  const ports = await listeningPorts(seen.filter(({ running }) => running).map(({ pid }) => pid)).catch(
    () => new Map<number, readonly number[]>(),
  );
  const versions = await versionsOf(seen);
  const known = new Map<number, Witness>();
  for (const { pid, parentPid, words, executable, environment, state, running } of seen) {
    const program = programOf(words, executable);
    const bystander = bystanders.get(pid);
    const noted = bystander?.why === "foreign" ? null : bystander?.node;
    const said = greetedBy.get(pid)?.node ?? noted ?? null;
    const nodeOptions = environment?.get("NODE_OPTIONS") ?? "";
    known.set(pid, {
      pid,
      parentPid,
      words,
      // A process may call itself what it likes; one that has spoken to us is a Node.
      program: said === null ? program : "node",
      node: said ?? (program === "node" ? (versions.get(executable ?? "") ?? null) : null),
      running,
      stopped: state === "T" || state === "t",
      reach: reachOf(environment, nodeOptions, sessionFile),
      nodeOptions,
      greeted: greetedBy.has(pid),
      ...(bystander === undefined && program === "node" ? asRunner(words.slice(1)) : asBystander(bystander)),
      ports: ports.get(pid) ?? [],
    });
  }
  for (const [pid, bystander] of bystanders) {
    const { parentPid, node, words } = bystander;
    if (!known.has(pid)) known.set(pid, { ...gone(pid, parentPid, node, words), ...asBystander(bystander) });
  }
  for (const { pid, parentPid, node, words } of greeted)
    if (!known.has(pid)) known.set(pid, { ...gone(pid, parentPid, node, words), greeted: true });
  return [...known.values()];
}

/** Of a process that ran between two looks, or where none can be taken. */
function gone(pid: number, parentPid: number, node: string, words: readonly string[]): Witness {
  return {
    pid,
    parentPid,
    words: ["node", ...words],
    program: "node",
    node,
    running: false,
    stopped: false,
    reach: "loaded",
    nodeOptions: "",
    greeted: false,
    alone: null,
    tool: null,
    ports: [],
  };
}

/** By the words that it noted: a program may set its title, as npm does. */
function asBystander(found: Bystander | undefined): Pick<Witness, "alone" | "tool"> {
  if (found === undefined) return { alone: null, tool: null };
  return { alone: found.why, tool: found.why === "tool" ? toolKind(found.words) : null };
}

/** Node itself as a watcher or a runner of scripts: not every version loads a preload there. */
function asRunner(words: readonly string[]): Pick<Witness, "alone" | "tool"> {
  const runs = words.find((word) => /^--(?:watch|watch-path=.*|run|run=.*|test)$/.test(word));
  if (runs === undefined) return { alone: null, tool: null };
  return { alone: "tool", tool: runs.startsWith("--run") ? "package manager" : toolKind(words) };
}

function reachOf(
  environment: ReadonlyMap<string, string> | null,
  nodeOptions: string,
  sessionFile: string,
): Reach {
  if (environment === null) return "unknown";
  if (environment.get(SESSION_VARIABLE) !== sessionFile)
    return isPm2Worker(environment, sessionFile) ? "late" : "cleared";
  return nodeOptions.includes(PRELOAD_FILE) ? "loaded" : "lost";
}

async function readBystanders(folder: string): Promise<Bystander[]> {
  const text = await readFile(join(folder, BYSTANDERS_FILE), "utf8").catch(() => "");
  return text
    .slice(0, 2 * MAX_BYSTANDERS_BYTES)
    .split("\n")
    .flatMap((line) => {
      const found = toBystander(line);
      return found === null ? [] : [found];
    });
}

function toBystander(line: string): Bystander | null {
  try {
    const { pid, parentPid, node, why, words } = JSON.parse(line) as Record<string, unknown>;
    if (!Number.isInteger(pid) || !Number.isInteger(parentPid) || !WHYS.has(why)) return null;
    if (typeof node !== "string" || !/^v\d+\.[\w.+-]{1,40}$/.test(node) || !Array.isArray(words)) return null;
    if (!words.every((word) => typeof word === "string")) return null;
    return { pid: pid as number, parentPid: parentPid as number, node, why: why as Bystander["why"], words };
  } catch {
    // Being written, or not ours.
    return null;
  }
}

/** Of the Node programs among them, by path: each is asked itself. */
async function versionsOf(seen: readonly SeenProcess[]): Promise<Map<string, string>> {
  const programs = seen.flatMap(({ words, executable }) =>
    executable !== null && programOf(words, executable) === "node" ? [executable] : [],
  );
  const answers = await Promise.all(
    [...new Set(programs)]
      .slice(0, MOST_VERSIONS)
      .map(async (path) => [path, await versionOf(path)] as const),
  );
  return new Map(answers.flatMap(([path, version]) => (version === null ? [] : [[path, version] as const])));
}

async function versionOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ["--version"], {
      env: ownEnvironment(process.env),
      timeout: VERSION_DEADLINE_MS,
      maxBuffer: 4_096,
      windowsHide: true,
    });
    const version = stdout.trim();
    return /^v\d+\.[\w.+-]{1,40}$/.test(version) ? version : null;
  } catch {
    return null;
  }
}
