// Launches: starts a server by one way under `darcy record`, asks it, restarts it where the way does, ends it, and judges.

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Report } from "../../src/protocol/report.ts";
import type { Way } from "./ways.ts";

const DEADLINE_MILLIS = 120_000;
const POLL_MILLIS = 100;
/** Over more than one window, so that figures have come when it is ended. */
const ASKED = 12;

/** @throws AssertionError where the server is not measured as it should be, or something else was not left alone */
export async function launchOnce(way: Way, folder: string, node: string, cli: string): Promise<void> {
  const cwd = join(folder, way.cwd ?? ".");
  const environment = environmentOf(way, folder, node);
  if (way.before !== undefined) {
    const [program = "", ...words] = way.before;
    const { status, stderr } = spawnSync(program, words, { cwd, env: environment, encoding: "utf8" });
    assert.equal(status, 0, `${way.before.join(" ")}: ${stderr}`);
  }
  const place = mkdtempSync(join(tmpdir(), "darcy launch "));
  const out = join(place, "launched.darcy");
  const recording = new Recorded(
    spawn(
      node,
      [cli, "record", "--workers", "2", "--start-timeout", "100", "--out", out, "--", ...way.command],
      {
        cwd,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      },
    ),
  );
  try {
    await recording.until("it invites", () => recording.stderr.includes("Send it requests now"));
    const first = await ask(recording, way);
    judgeAnswer(first, way, node);
    for (let count = 0; count < ASKED; count++) {
      await ask(recording, way);
      await delay(POLL_MILLIS);
    }
    if (way.touched !== undefined) await restart(recording, way, folder, first.pid as number);
    recording.child.kill("SIGINT");
    assert.equal(await recording.closed, 0, recording.stderr);
    judge(readReport(node, cli, out, environment), way, recording);
  } catch (error) {
    throw new Error(`${String(error)}\n--- stderr\n${recording.stderr}\n--- stdout\n${recording.stdout}`, {
      cause: error,
    });
  } finally {
    recording.child.kill("SIGKILL");
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The chosen Node and the project's own programs come first. */
function environmentOf(way: Way, folder: string, node: string): NodeJS.ProcessEnv {
  const path = [dirname(node), join(folder, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  const { NODE_OPTIONS: _options, PORT: _port, ...base } = process.env;
  // npm's own variables, of the script that runs this, are not the user's.
  const users = Object.entries(base).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name));
  return { ...Object.fromEntries(users), PATH: path, ...way.environment };
}

class Recorded {
  stdout = "";
  stderr = "";
  readonly closed: Promise<number | null>;
  #ended = false;

  constructor(readonly child: ChildProcess) {
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
    return port === undefined ? null : Number(port);
  }

  async until(what: string, reached: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + DEADLINE_MILLIS;
    while (!(await reached())) {
      if (this.#ended) throw new Error(`it ended before: ${what}`);
      if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
      await delay(POLL_MILLIS);
    }
  }
}

async function ask(recording: Recorded, way: Way): Promise<Record<string, unknown>> {
  let answer: Record<string, unknown> | null = null;
  await recording.until("an answer", async () => {
    answer = await fetch(`http://localhost:${recording.port}${way.path ?? "/"}`, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(DEADLINE_MILLIS),
    }).then(
      async (response) => (await response.json()) as Record<string, unknown>,
      () => null,
    );
    return answer !== null;
  });
  return answer as unknown as Record<string, unknown>;
}

function judgeAnswer(told: Record<string, unknown>, way: Way, node: string): void {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  assert.equal(told.version, stdout.trim(), "the chosen Node");
  for (const [name, value] of Object.entries(way.told ?? {})) assert.deepEqual(told[name], value, name);
  const own = way.environment?.NODE_OPTIONS;
  if (own !== undefined) assert.ok(String(told.options).startsWith(`${own} `), `composed: ${told.options}`);
}

async function restart(recording: Recorded, way: Way, folder: string, pid: number): Promise<void> {
  appendFileSync(join(folder, way.touched ?? ""), "\n");
  await recording.until("its restart is told", () => recording.stderr.includes("was restarted"));
  await recording.until("another process answers", async () => (await ask(recording, way)).pid !== pid);
  for (let count = 0; count < ASKED; count++) {
    await ask(recording, way);
    await delay(POLL_MILLIS);
  }
}

function readReport(node: string, cli: string, file: string, env: NodeJS.ProcessEnv): Report {
  assert.ok(existsSync(file), "the recording is written");
  const { NODE_OPTIONS: _own, ...rest } = env;
  const words = [cli, "report", file, "--format", "json"];
  const { status, stdout, stderr } = spawnSync(node, words, { env: rest, encoding: "utf8", maxBuffer: 1e8 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Report;
}

function judge(report: Report, way: Way, { stderr }: Recorded): void {
  assert.ok(report.requests.total > 0, `${report.requests.total} requests`);
  const peers = report.workers.filter(({ role }) => role === "peer");
  const serving = new Set(peers.map(({ id }) => id));
  assert.equal(serving.size, way.workers, `workers ${JSON.stringify(peers.map(({ id, pid }) => [id, pid]))}`);
  // Package managers, compilers and watchers are no workers of it.
  const others = report.workers.filter(({ role, requests }) => role !== "peer" && requests > 0);
  assert.deepEqual(others, []);
  const restarts = (report.restarts ?? []).filter(({ what }) => what === "server").length;
  assert.equal(restarts > 0, way.touched !== undefined, `${restarts} restarts`);
  assert.ok(!/defect of Darcy/.test(stderr));
}
