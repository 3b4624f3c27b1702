// Command line: `darcy record`: calibrate, launch, warm up, measure, stop, save, report.

import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findNode } from "../collector/findNode.ts";
import { type Launched, launch } from "../collector/launch.ts";
import { driveLoad, type Load, type LoadResult, loadUrl } from "../collector/load/driveLoad.ts";
import { checkWritable, writeProfile } from "../collector/profileFile.ts";
import { Session } from "../collector/session.ts";
import { untilAllListen, untilListening } from "../collector/startup.ts";
import { UserError } from "../common/errors.ts";
import type { Profile } from "../model/profile.ts";
import { DEFAULT_SAMPLING } from "../protocol/wire.ts";
import { resolveSources } from "../sources/resolve.ts";
import type { RecordArguments } from "./arguments.ts";
import { Interrupts } from "./interrupts.ts";
import { defaultFileName } from "./outputName.ts";
import { Progress } from "./progress.ts";
import { printText } from "./report.ts";

/** Interrupted before there was anything to report. */
const INTERRUPTED = 130;
const TICK_MS = 250;
/** The load is stopped by us; its own end is only there in case that we can't. */
const LOAD_MARGIN_SECONDS = 60;

/** The exit code. @throws UserError */
export async function record(words: RecordArguments, distFolder: string): Promise<number> {
  const cwd = process.cwd();
  const out = resolve(cwd, words.out ?? defaultFileName(words.command, new Date()));
  await checkWritable(out);
  const node = await findNode(words.command, cwd, process.env, process.execPath);
  const session = await Session.open({
    command: words.command,
    cwd,
    workers: words.workers,
    topology: words.topology,
    warmupMs: words.warmupMs,
    sampling: DEFAULT_SAMPLING,
    distFolder,
    nodePath: node.path,
    baseEnvironment: process.env,
  });
  const recording = new Recording(words, session, distFolder);
  try {
    const profile = await recording.run(cwd);
    if (profile === null) return INTERRUPTED;
    const resolved = await resolveSources(profile);
    await writeProfile(out, resolved);
    printText(resolved, null);
    recording.progress.say(`Saved ${out}. Open it in VS Code, or: darcy report ${JSON.stringify(out)}`);
    return 0;
  } finally {
    await recording.dispose();
  }
}

class Recording {
  readonly progress = new Progress(process.stderr, process.env);
  private readonly interrupts = new Interrupts(() => this.server?.signal("SIGKILL"));
  private server: Launched | null = null;
  private load: Load | null = null;
  private loadFailure: UserError | null = null;

  constructor(
    private readonly words: RecordArguments,
    private readonly session: Session,
    private readonly distFolder: string,
  ) {}

  /** Null when it was interrupted before it measured. @throws UserError */
  async run(cwd: string): Promise<Profile | null> {
    const { session, progress, words } = this;
    session.on("notice", ({ severity, text }) =>
      progress.say(severity === "info" ? text : `${severity}: ${text}`),
    );
    progress.say("Calibrating this machine…");
    await session.calibrate();
    if (this.interrupts.signal !== null) return null;
    const { command, startTimeoutMs } = words;
    const readErrors = process.stderr.isTTY !== true;
    this.server = await launch({ command, cwd, environment: session.environment, readErrors });
    const started = untilListening(session, this.server, startTimeoutMs, command);
    // After an interrupt its rejection, that the server ended, is no news.
    started.catch(() => undefined);
    if ((await Promise.race([started, this.interrupts.first])) !== undefined) return null;
    await Promise.race([untilAllListen(session), this.server.exited, this.interrupts.first]);
    if (this.interrupts.signal !== null) return null;
    this.announce();
    this.startLoad();
    await this.phase("warm-up", words.warmupMs);
    if (this.interrupts.signal !== null) return null;
    await session.startMeasuring();
    await this.phase("recording", words.durationMs);
    return this.finish();
  }

  async dispose(): Promise<void> {
    this.progress.clear();
    this.load?.stop();
    await this.server?.stop();
    await this.session.close();
    this.interrupts.dispose();
  }

  private announce(): void {
    const { listening, listeningWorkers } = this.session;
    if (listening === null) return;
    const place = listening.port === null ? listening.address : loadUrl("/", listening);
    const missing = listening.workers - listeningWorkers;
    const workers = listeningWorkers === 1 ? "1 worker" : `${listeningWorkers} workers`;
    this.progress.say(`Listening on ${place} with ${workers} (${listening.topology}).`);
    if (missing > 0)
      this.progress.say(`warning: ${missing} of ${listening.workers} workers did not come to listen.`);
    if (this.words.load === null) {
      const end = this.words.durationMs === null ? "Ctrl-C ends the recording." : "";
      this.progress.say(`Send it requests now. ${end}`.trimEnd());
    }
  }

  private startLoad(): void {
    const { load, warmupMs, durationMs } = this.words;
    if (load === null) return;
    const url = loadUrl(load.target, this.session.listening);
    this.load = driveLoad(process.execPath, this.distFolder, {
      url,
      connections: load.connections,
      ratePerSecond: load.ratePerSecond,
      method: load.method,
      durationSeconds: Math.ceil((warmupMs + (durationMs ?? 0)) / 1_000) + LOAD_MARGIN_SECONDS,
    });
    this.load.done.catch((error: unknown) => {
      this.loadFailure = error instanceof UserError ? error : new UserError(String(error), "Try it again.");
    });
  }

  /** Until its time is up (null: never), the server or the load ends, or an interrupt. */
  private async phase(name: string, durationMs: number | null): Promise<void> {
    const began = performance.now();
    const { server, load, interrupts, session } = this;
    const ended = Promise.race([
      server?.exited,
      interrupts.first,
      ...(load === null ? [] : [load.done.catch(() => null)]),
    ]);
    let over = false;
    void ended.then(() => {
      over = true;
    });
    for (;;) {
      const elapsedMs = performance.now() - began;
      if (durationMs !== null && elapsedMs >= durationMs) return;
      this.progress.update(session.measuring, name, session.listeningWorkers, elapsedMs);
      const leftMs = durationMs === null ? TICK_MS : Math.min(TICK_MS, durationMs - elapsedMs);
      await Promise.race([delay(leftMs), ended]);
      if (over) return;
    }
  }

  private async finish(): Promise<Profile> {
    const { session, server, progress } = this;
    await session.stopMeasuring();
    progress.clear();
    const exit = server?.exit ?? null;
    if (exit !== null && this.interrupts.signal === null) {
      const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
      progress.say(`warning: the server ended ${how} while it was recorded.`);
    }
    this.load?.stop();
    const result = (await this.load?.done.catch(() => null)) ?? null;
    await server?.stop(this.interrupts.signal ?? "SIGTERM");
    const profile = await session.close();
    if (!hasRequests(profile)) throw this.nothingMeasured(result);
    if (result !== null) this.sayLoadProblems(result);
    return profile;
  }

  private nothingMeasured(result: LoadResult | null): UserError {
    if (this.loadFailure !== null) return this.loadFailure;
    const nothing = "No request was completed while measuring, so there is nothing to report.";
    if (this.words.load === null) {
      return new UserError(nothing, "Send requests while it records, or let Darcy do it: --load /path");
    }
    if (result !== null && result.answered === 0) {
      return new UserError(
        `${nothing} All ${result.errors} requests of the load failed.`,
        "If the server speaks HTTPS or listens on several ports, give --load the whole URL.",
      );
    }
    return new UserError(
      nothing,
      "Measure for longer with --duration, or send the load to the server that is recorded.",
    );
  }

  private sayLoadProblems({ answered, errors, timeouts, non2xx }: LoadResult): void {
    if (errors > 0)
      this.progress.say(`warning: ${errors} requests of the load failed (${timeouts} by time-out).`);
    if (non2xx > 0) {
      this.progress.say(
        `warning: ${non2xx} of the load's ${answered} requests were not answered with a 2xx status.`,
      );
    }
  }
}

/** In what counts, the warm-up left out. */
export function hasRequests({ windows, measureFromMicros }: Profile): boolean {
  return windows.some(
    (window) => window.endMicros > measureFromMicros && window.requests.some(([, count]) => count > 0),
  );
}
