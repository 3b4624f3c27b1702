// Faults: real servers under a real session, of this process or of one that can be killed.

import { type ChildProcess, spawn } from "node:child_process";
import { Agent, get } from "node:http";
import { fileURLToPath } from "node:url";
import { Session } from "../../src/collector/session.ts";
import { validateProfile } from "../../src/collector/validateProfile.ts";
import type { Profile } from "../../src/model/profile.ts";
import { DEFAULT_SAMPLING, type SamplingOptions, type Topology } from "../../src/protocol/sessionFile.ts";
import { isAlive, until } from "../runtime/symmetricRun.ts";

export { NODES } from "../runtime/recordProgram.ts";
export { isAlive, until };

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const DIST = `${root}dist`;
export const FAULTY = fileURLToPath(new URL("../fixtures/faults/faulty.cjs", import.meta.url));
/** `npm run faults`: all of it, at full size. */
export const ALL = process.env.DARCY_FAULTS === "all";

export interface ServerOptions {
  readonly workers?: number;
  readonly topology?: Topology;
  readonly sampling?: Partial<SamplingOptions>;
  readonly nodeArgs?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

export async function openSession(node: string, options: ServerOptions = {}): Promise<Session> {
  return Session.open({
    command: [node, FAULTY],
    cwd: root,
    workers: options.workers ?? 1,
    topology: options.topology ?? "auto",
    warmupMs: 0,
    // The heap's windows have tests of their own and make these slower.
    sampling: { ...DEFAULT_SAMPLING, heapWindowMillis: 0, ...options.sampling },
    distFolder: DIST,
    nodePath: node,
    baseEnvironment: { ...process.env, PORT: "0", ...options.environment },
  });
}

export class Server {
  readonly child: ChildProcess;
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
  stderr = "";

  constructor(node: string, environment: NodeJS.ProcessEnv, nodeArgs: readonly string[] = []) {
    this.child = spawn(node, [...nodeArgs, FAULTY], {
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.child.stderr?.on("data", (chunk) => {
      this.stderr = (this.stderr + String(chunk)).slice(-10_000);
    });
    this.ended = new Promise((resolve) => this.child.on("exit", (code, signal) => resolve([code, signal])));
  }

  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.child.kill(signal);
    await this.ended;
  }
}

/** Until so many workers listen; the port. */
export async function portOf(session: Session, workers = 1): Promise<number> {
  await until(`${workers} workers listen`, () => session.listeningWorkers >= workers);
  return session.listening?.port as number;
}

/** The answer's text, on a connection of its own unless an agent keeps it. */
export function ask(port: number, path: string, agent: Agent | false = false): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ port, path, agent, host: "127.0.0.1" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(text)).on("error", reject);
    }).on("error", reject);
  });
}

/** How many of `count` requests were answered; those that a dying server cuts are not. */
export async function load(port: number, count: number, path = "/", connections = 16): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let [left, answered] = [count, 0];
  const client = async () => {
    while (left-- > 0)
      await ask(port, path, agent).then(
        () => answered++,
        () => undefined,
      );
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  return answered;
}

export function requestsOf({ windows }: Profile): number {
  return windows.flatMap(({ requests }) => requests).reduce((sum, [, count]) => sum + count, 0);
}

/** Until the windows that hold so many requests have come; they come by themselves, twice a second. */
export async function measured(session: Session, requests: number): Promise<void> {
  await until(`${requests} requests are measured`, () => requestsOf(session.snapshot()) >= requests);
}

/** As it would be read from its file. */
export function reread(profile: Profile): Profile {
  return validateProfile(JSON.parse(JSON.stringify(profile)));
}

export function endedWorkers({ workers }: Session): number {
  return workers.filter(({ endedMicros }) => endedMicros !== null).length;
}
