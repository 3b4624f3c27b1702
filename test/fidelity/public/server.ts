// Tests: a program as a server that is asked and told to close, without Darcy, with it, and with it on two workers.

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Session } from "../../../src/collector/session.ts";
import type { Profile } from "../../../src/model/profile.ts";
import { DEFAULT_SAMPLING } from "../../../src/protocol/sessionFile.ts";
import { normalised } from "../normalised.ts";
import { baseEnvironment, type Outcome, root } from "../sides.ts";
import { Asker } from "./asker.ts";
import type { PublicCase } from "./cases.ts";

export type Side = "plain" | "single" | "symmetric";
export const WORKERS: Readonly<Record<Side, number>> = { plain: 1, single: 1, symmetric: 2 };
/** Against a server that does not start or end. */
const DEADLINE_MS = 120_000;

export interface Ran {
  /** "label: JSON". */
  readonly answers: readonly string[];
  readonly printed: Outcome;
  /** Requests that have to be in the report, and how many more there may be. */
  readonly requests: number;
  readonly more: number;
  readonly profile: Profile | null;
}

/** Where programs run: `folder` holds them, beside the packages that they import. */
export interface Place {
  readonly node: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

export async function runServer(
  each: PublicCase,
  side: Side,
  { node, folder, environment }: Place,
): Promise<Ran> {
  const words = each.words?.(each.file) ?? [each.file];
  const workers = WORKERS[side];
  const base = { ...baseEnvironment(), ...environment };
  const session = side === "plain" ? null : await open(node, words, folder, base, workers);
  const child = spawn(node, words, {
    cwd: folder,
    env: session?.environment ?? base,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const guard = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  try {
    const ending = ended(child);
    const port = await Promise.race([
      listens(child),
      ending.then(({ stderr, exit }) => Promise.reject(new Error(`${exit} before it listened: ${stderr}`))),
    ]);
    if (session !== null) await joined(session, workers);
    await session?.startMeasuring();
    const ask = new Asker(port, workers);
    try {
      await each.ask(ask);
      await session?.flush();
      await ask.whileAnswering(each.slow ?? "/slow", () => child.kill("SIGTERM"));
    } catch (error) {
      child.kill("SIGTERM");
      const { stdout, stderr } = await ending;
      throw new Error(`asking failed: ${(error as Error).stack}\n${ask.lines.at(-1)}\n${stdout}\n${stderr}`);
    } finally {
      ask.close();
    }
    const { stdout, stderr, exit } = await ending;
    const facts = { scratch: folder, node, pid: child.pid ?? 0 };
    const clean = (text: string) => comparable(normalised(text, facts).replaceAll(String(port), "PORT"));
    const printed = { stdout: clean(stdout), stderr: clean(stderr), exit };
    // Whoever dies by a signal takes what it has measured last with it.
    const last = exit.startsWith("code") ? 0 : 1;
    return {
      answers: ask.lines.map(clean),
      printed,
      requests: ask.requests - last,
      more: each.asksMore === true ? Number.POSITIVE_INFINITY : last + ask.unheard,
      profile: (await session?.close()) ?? null,
    };
  } finally {
    clearTimeout(guard);
    process.off("exit", end);
    if (child.exitCode === null) child.kill("SIGKILL");
    await session?.close();
  }
}

function open(
  node: string,
  words: readonly string[],
  cwd: string,
  baseEnvironment: NodeJS.ProcessEnv,
  workers: number,
): Promise<Session> {
  return Session.open({
    command: [node, ...words],
    cwd,
    workers,
    topology: workers === 1 ? "single" : "auto",
    warmupMs: DEADLINE_MS,
    // Far more stacks than a recording takes: what they disturb is to be seen.
    sampling: { ...DEFAULT_SAMPLING, stacksPerSecond: 1_000, windowMillis: 50 },
    distFolder: join(root, "dist"),
    nodePath: node,
    baseEnvironment,
  });
}

/** The port that it prints. */
function listens(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      const port = /http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

function joined(session: Session, workers: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const guard = setTimeout(
      () => reject(new Error(`${session.listeningWorkers} of ${workers} workers listen`)),
      DEADLINE_MS / 2,
    );
    const look = () => {
      if (session.listeningWorkers < workers) return;
      clearTimeout(guard);
      session.off("workers", look);
      resolve();
    };
    session.on("workers", look);
    look();
  });
}

async function ended(child: ChildProcess): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const exit = await new Promise<string>((resolve) =>
    child.on("close", (code, signal) => resolve(signal ?? `code ${code}`)),
  );
  return { stdout, stderr, exit };
}

/** Without the times of loggers and of Next. An object that follows a stack on its last line gets a line of its own. */
function comparable(text: string): string {
  return text
    .replaceAll(/\d+\/\d+\/\d{4}, \d+:\d+:\d+ [AP]M/g, "TIME")
    .replaceAll(/\b\d+(?:\.\d+)?m?s\b/g, "DURATION")
    .replaceAll(/(\n +at [^\n]*) \{(?=\n)/g, "$1\n{");
}
