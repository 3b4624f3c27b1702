// Launches: a command line of Darcy's that runs, the requests to the server under it, and the report of its recording.

import assert from "node:assert/strict";
import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Report } from "../../src/protocol/report.ts";
import type { Way } from "./ways.ts";

export const DEADLINE_MILLIS = 120_000;
const POLL_MILLIS = 100;
/** Over more than one window, so that figures have come when it is ended. */
const ASKED = 12;

/**
 * The chosen Node and the project's own programs come first.
 * @param place a folder of this run alone, where pm2 keeps its sockets
 */
export function environmentOf(way: Way, folder: string, node: string, place: string): NodeJS.ProcessEnv {
  const path = [dirname(node), join(folder, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  const { NODE_OPTIONS: _options, PORT: _port, ...base } = process.env;
  // npm's own variables, of the script that runs this, are not the user's.
  const users = Object.entries(base).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name));
  return { ...Object.fromEntries(users), PATH: path, PM2_HOME: join(place, "pm2"), ...way.environment };
}

export class Recorded {
  stdout = "";
  stderr = "";
  readonly closed: Promise<number | null>;
  #ended = false;

  /** @param chosen the server's port, where neither it nor Darcy tells it here */
  constructor(
    readonly child: ChildProcess,
    private readonly chosen: number | null = null,
  ) {
    child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.closed = once(child, "close").then(([code]) => {
      this.#ended = true;
      return code as number | null;
    });
  }

  /** The newest that the server told, else the one that Darcy says. */
  get port(): number | null {
    const told = [...this.stdout.matchAll(/\bport (\d+)/g)].at(-1)?.[1];
    const listening = /Listening on http:\/\/[^:]+:(\d+)/.exec(this.stderr)?.[1];
    const port = told ?? listening;
    return port === undefined ? this.chosen : Number(port);
  }

  until(what: string, reached: Reached): Promise<void> {
    return until(what, reached, () => this.#ended);
  }
}

type Reached = () => boolean | Promise<boolean>;

export async function until(what: string, reached: Reached, ended = () => false): Promise<void> {
  const deadline = Date.now() + DEADLINE_MILLIS;
  while (!(await reached())) {
    if (ended()) throw new Error(`it ended before: ${what}`);
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await delay(POLL_MILLIS);
  }
}

export async function ask(recording: Recorded, way: Way): Promise<Answer> {
  let answer: Answer | null = null;
  await recording.until("an answer", async () => {
    answer = await answerAt(recording.port, way.path);
    return answer !== null;
  });
  return answer as unknown as Answer;
}

type Answer = Readonly<Record<string, unknown>>;

/** Null: none. */
export function answerAt(port: number | null, path = "/"): Promise<Answer | null> {
  return fetch(`http://localhost:${port}${path}`, {
    headers: { connection: "close" },
    signal: AbortSignal.timeout(DEADLINE_MILLIS),
  }).then(
    async (response) => (await response.json()) as Answer,
    () => null,
  );
}

export function readReport(node: string, cli: string, file: string, env: NodeJS.ProcessEnv): Report {
  assert.ok(existsSync(file), "the recording is written");
  const { NODE_OPTIONS: _own, ...rest } = env;
  const words = [cli, "report", file, "--format", "json"];
  const { status, stdout, stderr } = spawnSync(node, words, { env: rest, encoding: "utf8", maxBuffer: 1e8 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Report;
}

export async function keepAsking(recording: Recorded, way: Way): Promise<void> {
  const end = performance.now() + 1_000 * (way.seconds ?? 0);
  for (let count = 0; count < ASKED || performance.now() < end; count++) {
    await ask(recording, way);
    await delay(POLL_MILLIS);
  }
}
