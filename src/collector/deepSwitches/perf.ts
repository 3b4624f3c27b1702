// Collector, deep mode: runs Linux's `perf` on the server's processes while it measures. Opt-in: V8 then keeps native frames
// for interpreted functions and writes their addresses to /tmp, which costs time; both are undone or removed afterwards.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { errorCode } from "../../common/errors.ts";
import { type PerfSamples, PerfScript } from "./perfScript.ts";

const V8_OPTIONS = "--perf-basic-prof --interpreted-frames-native-stack";
/** The clock is that of `process.hrtime`. */
const RECORD = [
  "record",
  "-k",
  "CLOCK_MONOTONIC",
  "-e",
  "context-switches",
  "-c",
  "1",
  "-g",
  "--max-size",
  "512M",
];
const SCRIPT = ["script", "--no-inline", "-F", "comm,pid,tid,time,ip,sym"];
const PARANOID = "/proc/sys/kernel/perf_event_paranoid";
/** `perf` ends its file when it is interrupted; one that does not is killed. */
const END_MS = 20_000;
const MAX_ERROR_CHARACTERS = 2_000;

/** Null when it can be used, else what is missing and how to allow it. @param folder where its files may stand */
export async function whyNoPerf(folder: string): Promise<string | null> {
  if (process.platform !== "linux") return `only Linux has perf, this is ${process.platform}`;
  const trial = path.join(folder, "perf-trial.data");
  try {
    const { code, errors } = await run([...RECORD, "-o", trial, "--", "true"]);
    if (code === 0 && existsSync(trial)) return null;
    const level = existsSync(PARANOID) ? readFileSync(PARANOID, "utf8").trim() : "unknown";
    return /paranoid|permitted|permission|EACCES|EPERM/i.test(errors)
      ? `the kernel does not permit it (kernel.perf_event_paranoid is ${level}). Allow it with: sudo sysctl kernel.perf_event_paranoid=1`
      : `perf failed: ${errors.trim().split("\n").at(-1) ?? `code ${code}`}`;
  } catch (error) {
    if (errorCode(error) !== "ENOENT") return `perf could not be started (${errorCode(error)})`;
    return "perf is not installed. Install it with: apt install linux-perf (Debian), linux-tools-generic (Ubuntu) or dnf install perf (Fedora)";
  } finally {
    await rm(trial, { force: true });
  }
}

/** The server's environment, with what V8 needs so that perf can name its functions. */
export function deepEnvironment(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const present = base.NODE_OPTIONS ?? "";
  return { ...base, NODE_OPTIONS: present === "" ? V8_OPTIONS : `${present} ${V8_OPTIONS}` };
}

export class PerfRecording {
  private readonly data: string;
  private perf: ChildProcess | null = null;

  private readonly logsBefore: ReadonlySet<string>;

  /** @param cwd of the server, where V8 puts a log of each isolate, too */
  constructor(
    folder: string,
    private readonly cwd: string,
  ) {
    this.data = path.join(folder, "perf.data");
    this.logsBefore = new Set(logsIn(cwd).map(({ name }) => name));
  }

  start(pids: readonly number[]): void {
    const perf = spawn("perf", [...RECORD, "-o", this.data, "-p", pids.join(",")], { stdio: "ignore" });
    // It may fail at any time; then there is no file.
    perf.once("error", () => undefined);
    this.perf = perf;
  }

  /** Ends it; call it when the measuring ends. */
  async stop(): Promise<void> {
    const { perf } = this;
    this.perf = null;
    if (perf === null || perf.exitCode !== null || perf.signalCode !== null || perf.pid === undefined) return;
    const killed = setTimeout(() => perf.kill("SIGKILL"), END_MS);
    perf.kill("SIGINT");
    await once(perf, "close");
    clearTimeout(killed);
  }

  /** Null when nothing was recorded. @param isUsers whether a script's path is code of the user's */
  async read(isUsers: (file: string) => boolean): Promise<PerfSamples | null> {
    if (!existsSync(this.data)) return null;
    const script = new PerfScript(isUsers);
    const perf = spawn("perf", [...SCRIPT, "-i", this.data], { stdio: ["ignore", "pipe", "ignore"] });
    const ended = once(perf, "close");
    ended.catch(() => undefined);
    for await (const line of createInterface({ input: perf.stdout })) script.line(line);
    await ended;
    const samples = script.samples();
    return samples.pids.length === 0 ? null : samples;
  }

  /** Its own file, and what V8 has written of these processes and others that were started with them and have ended. */
  async remove(pids: Iterable<number>): Promise<void> {
    await this.stop();
    const measured = new Set(pids);
    const logs = logsIn(this.cwd).filter(
      ({ name, pid }) => !this.logsBefore.has(name) && (measured.has(pid) || !isAlive(pid)),
    );
    const maps = [...new Set([...measured, ...logs.map(({ pid }) => pid)])].map(
      (pid) => `/tmp/perf-${pid}.map`,
    );
    const logFiles = logs.map(({ name }) => path.join(this.cwd, name));
    for (const file of [this.data, `${this.data}.old`, ...maps, ...logFiles])
      await rm(file, { force: true }).catch(() => undefined);
  }
}

function logsIn(folder: string): { name: string; pid: number }[] {
  return readdirSync(folder).flatMap((name) => {
    const pid = /^isolate-0x[0-9a-f]+-(\d+)-v8\.log$/.exec(name)?.[1];
    return pid === undefined ? [] : [{ name, pid: Number(pid) }];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

async function run(words: readonly string[]): Promise<{ code: number | null; errors: string }> {
  const perf = spawn("perf", words, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  perf.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-MAX_ERROR_CHARACTERS);
  });
  const [code] = (await once(perf, "close")) as [number | null];
  return { code, errors };
}
