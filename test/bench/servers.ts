// Benchmark: starts one server, plain, recorded by Darcy, or under one of its peers.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import type { Request } from "./client.ts";
import { root } from "./root.ts";
import type { Side } from "./sides.ts";
import type { Target } from "./targets.ts";

const PID_FILE = path.join(root, "test/fixtures/bench/pidFile.cjs");
const START_MS = 30_000;
/** A peer that works on what it collected for longer is killed: it was measured before. */
const STOP_MS = 10_000;
const POLL_MS = 50;

export interface Running {
  /** Of the server. */
  readonly pid: number;
  /** Of what runs the server: `darcy record`, which collects, or a peer; null for the plain one. */
  readonly collectorPid: number | null;
  readonly origin: string;
  /** Darcy's recording, once it has stopped. */
  readonly profile: string;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly node: string;
  readonly target: Target;
  readonly side: Side;
  readonly scratch: string;
  readonly warmupSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Loaded into the server beside the one that tells its process. */
  readonly preloads?: readonly string[];
}

/** @throws Error when it does not answer in time */
export async function start(options: StartOptions): Promise<Running> {
  const { node, target, side, warmupSeconds } = options;
  const port = await freePort();
  // Peers write where they are started.
  const scratch = mkdtempSync(path.join(options.scratch, "server-"));
  const pidFile = path.join(scratch, "pid");
  const profile = path.join(scratch, "profile.darcy");
  const file = path.join(root, target.file);
  const preloads = [PID_FILE, ...(options.preloads ?? [])];
  const [program = "", ...args] = side.command({ node, file, preloads, scratch, profile, warmupSeconds });
  const env = {
    ...process.env,
    ...options.environment,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ""}`,
    PORT: String(port),
    // clinic asks by the terminal, else, whether it may report its use.
    NO_INSIGHT: "1",
    BENCH_HEAP_MB: side.heapMb,
    BENCH_PID_FILE: pidFile,
    BENCH_SERVER_FILE: file,
    NODE_OPTIONS: preloads.map((preload) => `--require ${JSON.stringify(preload)}`).join(" "),
  };
  // Darcy starts the server in a process group of its own, which Linux schedules as a group: so the plain one, too.
  const child = spawn(program, args, {
    cwd: scratch,
    env,
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4_096);
  });
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilAnswers(origin, target.requests[0] as Request, child, () => errors);
    if (!existsSync(pidFile)) throw new Error("It did not tell its process.");
  } catch (error) {
    await stopped(child, side.kind === "peer");
    throw error;
  }
  return {
    pid: Number(readFileSync(pidFile, "utf8")),
    collectorPid: side.kind === "plain" ? null : (child.pid ?? null),
    origin,
    profile,
    stop: () => stopped(child, side.kind === "peer"),
  };
}

async function untilAnswers(
  origin: string,
  { method, path: urlPath, body }: Request,
  child: ChildProcess,
  errors: () => string,
): Promise<void> {
  const deadline = Date.now() + START_MS;
  const headers = { "content-type": "application/json" };
  const asked = () =>
    fetch(`${origin}${urlPath}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const answers = () =>
    asked().then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`It did not answer.\n${errors()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @param all as a terminal's Ctrl-C does, which some peers leave to the server; Darcy stops its server by itself */
function stopped(child: ChildProcess, all: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const killed = setTimeout(() => signalTo(child, "SIGKILL", true), STOP_MS);
    child.once("exit", () => {
      clearTimeout(killed);
      // What a peer left behind.
      signalTo(child, "SIGKILL", true);
      resolve();
    });
    signalTo(child, "SIGINT", all);
  });
}

function signalTo({ pid }: ChildProcess, signal: NodeJS.Signals, all: boolean): void {
  try {
    if (pid !== undefined) process.kill(all ? -pid : pid, signal);
  } catch {
    // Nobody is left.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
