// Benchmark: starts one server, plain or recorded by Darcy.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const PID_FILE = path.join(root, "test/fixtures/bench/pidFile.cjs");
/** Of Node, for both sides. */
const NODE_ARGS = (process.env.BENCH_NODE_ARGS ?? "").split(" ").filter((word) => word !== "");
const START_MS = 30_000;
const POLL_MS = 50;

export interface Running {
  /** Of the server. */
  readonly pid: number;
  /** Of `darcy record`, which collects; null for the plain server. */
  readonly collectorPid: number | null;
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * @param node path of the server's Node
 * @param darcy arguments of `darcy record`, null for the plain server
 */
export async function start(
  node: string,
  file: string,
  urlPath: string,
  scratch: string,
  darcy: readonly string[] | null,
  environment: Readonly<Record<string, string>>,
): Promise<Running> {
  const port = await freePort();
  const pidFile = path.join(scratch, `pid-${port}`);
  const command = [node, ...NODE_ARGS, path.join(root, file)];
  const record = [
    process.execPath,
    path.join(root, "dist/cli.js"),
    "record",
    "--workers",
    "1",
    ...(darcy ?? []),
    "--out",
    path.join(scratch, `${port}.darcy`),
    "--",
  ];
  const [program = "", ...args] = darcy === null ? command : [...record, ...command];
  const env = {
    ...process.env,
    ...environment,
    PORT: String(port),
    BENCH_PID_FILE: pidFile,
    NODE_OPTIONS: `--require ${JSON.stringify(PID_FILE)}`,
  };
  // Darcy starts the server in a process group of its own, which Linux schedules as a group: so the plain one, too.
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"], detached: true });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4_096);
  });
  const url = `http://127.0.0.1:${port}${urlPath}`;
  await until(
    () => answers(url),
    () => `${file} did not answer.\n${errors}`,
    child,
  );
  // Darcy's own process loads the file as well, before the server does.
  if (!existsSync(pidFile)) throw new Error(`${file} wrote no ${pidFile}`);
  return {
    pid: Number(readFileSync(pidFile, "utf8")),
    collectorPid: darcy === null ? null : (child.pid ?? null),
    url,
    stop: () => stopped(child),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function until(
  condition: () => Promise<boolean>,
  failure: () => string,
  child: ChildProcess,
): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await condition())) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(failure());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.kill("SIGINT");
  });
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
