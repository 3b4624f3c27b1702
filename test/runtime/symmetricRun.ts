// Tests: starts a server on the symmetric runtime and watches it from outside.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import {
  type ActiveTopology,
  DEFAULT_SAMPLING,
  type SessionFile,
  type Topology,
} from "../../src/protocol/sessionFile.ts";
import { WIRE_VERSION } from "../../src/protocol/wire.ts";
import { get } from "./symmetricAsk.ts";

export { get };

export const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/symmetric/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "darcy-symmetric-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const preload = join(folder, "preload.cjs");
buildSync({
  entryPoints: [fixture("preload.ts")],
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  outfile: preload,
  logLevel: "error",
});

/** Node binaries to run on: `DARCY_TEST_NODES="20=/path,24=/path"`, else the one that runs the tests. */
export const NODES: readonly (readonly [name: string, path: string])[] = process.env.DARCY_TEST_NODES
  ? process.env.DARCY_TEST_NODES.split(",").map((word) => word.split("=", 2) as [string, string])
  : [[process.version, process.execPath]];

export interface Message {
  readonly pid: number;
  /** Process and thread. */
  readonly who: string;
  readonly peer: number;
  readonly type: "listening" | "notice";
  readonly code?: string;
  readonly port?: number | null;
  readonly topology?: string;
  readonly tls?: boolean;
  readonly raw?: boolean;
  readonly text?: string;
}

export interface RunOptions {
  readonly node: string;
  readonly workers?: number;
  readonly topology?: Topology;
  readonly env?: NodeJS.ProcessEnv;
  readonly file?: string;
  readonly nodeArgs?: readonly string[];
  /** NODE_OPTIONS of the user's own. */
  readonly nodeOptions?: string;
  readonly args?: readonly string[];
  /** False: without the runtime, to compare. */
  readonly runtime?: boolean;
  readonly ipc?: boolean;
  readonly cwd?: string;
}

let runs = 0;
const DEADLINE_MILLIS = 30_000;

/** Polls; fails with what it was waiting for. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + DEADLINE_MILLIS;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false)
      return value as Exclude<T, false | null | undefined>;
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A process that nobody has reaped yet (a container's first process may not) is dead all the same.
  if (!existsSync("/proc/self/stat")) return true;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

export class Run {
  readonly child: ChildProcess;
  readonly sessionFolder: string;
  readonly mark: string;
  stdout = "";
  stderr = "";
  private readonly exit: Promise<readonly [code: number | null, signal: string | null]>;

  constructor(options: RunOptions) {
    this.sessionFolder = join(folder, String(runs++));
    this.mark = join(this.sessionFolder, "mark");
    mkdirSync(this.sessionFolder, { mode: 0o700 });
    const session: SessionFile = {
      version: WIRE_VERSION,
      socket: join(this.sessionFolder, "socket"),
      secret: "00",
      workers: options.workers ?? 3,
      topology: options.topology ?? "auto",
      sampling: DEFAULT_SAMPLING,
    };
    const file = join(this.sessionFolder, "session.json");
    writeFileSync(file, JSON.stringify(session), { mode: 0o600 });
    const runtime =
      options.runtime === false
        ? {}
        : { DARCY_SESSION: file, NODE_OPTIONS: `${options.nodeOptions ?? ""} --require "${preload}"`.trim() };
    const { NODE_OPTIONS: _, ...environment } = process.env;
    this.child = spawn(
      options.node,
      [...(options.nodeArgs ?? []), options.file ?? fixture("server.cjs"), ...(options.args ?? [])],
      {
        env: { ...environment, ...runtime, MARK: this.mark, ...options.env },
        stdio: ["ignore", "pipe", "pipe", ...(options.ipc ? (["ipc"] as const) : [])],
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      },
    );
    this.child.stdout?.on("data", (chunk) => {
      this.stdout += String(chunk);
    });
    this.child.stderr?.on("data", (chunk) => {
      this.stderr += String(chunk);
    });
    this.exit = new Promise((resolve) => this.child.on("exit", (code, signal) => resolve([code, signal])));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  messages(): Message[] {
    const file = join(this.sessionFolder, "messages");
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Message);
  }

  notices(code: string): Message[] {
    return this.messages().filter((message) => message.code === code);
  }

  /** The port of peer 0, once `workers` processes listen. */
  async port(workers: number): Promise<number> {
    const heard = await until(`${workers} workers listen`, () => {
      const listening = this.messages().filter(({ type }) => type === "listening");
      return new Set(listening.map(({ who }) => who)).size >= workers && listening;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.stdout}\n${this.stderr}\n${JSON.stringify(this.messages())}`);
    });
    return heard.find(({ peer }) => peer === 0)?.port as number;
  }

  pids(): number[] {
    return [...new Set([this.pid, ...this.messages().map(({ pid }) => pid)])];
  }

  async exited(): Promise<readonly [code: number | null, signal: string | null]> {
    return this.exit;
  }

  async allGone(): Promise<void> {
    await until("every process of the session is gone", () => this.pids().every((pid) => !isAlive(pid)));
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
    await this.exit;
    await this.allGone();
  }
}

/** Asks until `count` processes have answered. */
export async function distinct(
  port: number,
  count: number,
  kind = "http",
  host = "127.0.0.1",
): Promise<Set<number>> {
  const pids = new Set<number>();
  await until(`${count} processes answer`, async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, () => get(port, "/?busy=4", kind, host)));
    for (const answer of answers) pids.add(Number(answer));
    return pids.size >= count;
  });
  return pids;
}

/** The topologies of several workers that a Node can do here, each by its own feature test's known answer. */
export function topologiesOf(name: string): readonly ActiveTopology[] {
  const [major = 0, minor = 0] = (/(\d+)(?:\.(\d+))?/.exec(name) ?? [])
    .slice(1)
    .map((text) => Number(text ?? 99));
  const reuse = process.platform === "linux" && (major > 22 || (major === 22 && minor >= 12));
  return reuse ? ["reuse", "handle", "threads", "rr"] : ["handle", "rr"];
}

/**
 * Pairs of them: all with `DARCY_KINDS=all` (npm run kinds); else one in `every` of the names, others on each Node
 * (`turn`), with the topologies in turn.
 */
export function share<Name, Topology>(
  names: readonly Name[],
  topologies: readonly Topology[],
  turn: number,
  every: number,
): (readonly [Name, Topology])[] {
  if (process.env.DARCY_KINDS === "all")
    return topologies.flatMap((topology) => names.map((name) => [name, topology] as const));
  return names
    .filter((_name, at) => at % every === turn % every)
    .map((name, at) => [name, topologies[(at + turn) % topologies.length] as Topology] as const);
}
