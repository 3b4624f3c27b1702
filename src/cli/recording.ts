// Command line: one recording: calibrate, launch, warm up, measure, stop.

import { setTimeout as delay } from "node:timers/promises";
import { deepEnvironment, PerfRecording, whyNoPerf } from "../collector/deepSwitches/perf.ts";
import type { PerfSamples } from "../collector/deepSwitches/perfScript.ts";
import { withinWindows } from "../collector/deepSwitches/withinWindows.ts";
import type { Silence } from "../collector/diagnosis/silence.ts";
import { WhyNoData } from "../collector/diagnosis/whyNoData.ts";
import { whyNoRequest } from "../collector/diagnosis/whyNoRequest.ts";
import { howItEnded, type Launched, launch, STOP_GRACE_MS } from "../collector/launch.ts";
import { driveLoad, type Load, loadUrl, shownPlace } from "../collector/load/driveLoad.ts";
import type { LoadResult } from "../collector/load/loadMessages.ts";
import { not2xx, serverEnded } from "../collector/ownNotices.ts";
import type { Session } from "../collector/session.ts";
import { missingWorkers, untilAllListen, untilListening, workersDeadline } from "../collector/startup.ts";
import { UserError } from "../common/errors.ts";
import { busyPrices } from "../model/calibration.ts";
import type { Profile } from "../model/profile.ts";
import type { RecordArguments } from "./arguments.ts";
import { Interrupts } from "./interrupts.ts";
import { tellNotice } from "./noticeNews.ts";
import { deathOf, endedError, hasRequests, loadText, nothingMeasured } from "./outcome.ts";
import { Progress } from "./progress.ts";
import { tellRestarts } from "./restartNews.ts";
import { isUserFile, processesOf, runningWorkers } from "./serverProcesses.ts";
import { tellSilence } from "./silenceNews.ts";

const TICK_MS = 250;
/** A server that does not listen by then is spoken of, if its time is not up yet. */
const EARLY_MS = 10_000;
/** The load is stopped by us; its own end is only there in case that we can't. */
const LOAD_MARGIN_SECONDS = 60;
/** A server that ends sooner than this is not spoken of. */
const QUIET_STOP_MS = 700;
const MOST_PORTS = 16;
/** A load of a low rate sends each second's requests at once: what is measured begins and ends between them. */
const BETWEEN_BURSTS_MS = 500;

export class Recording {
  readonly progress = new Progress(process.stderr, process.env);
  /** By a signal or with a code, not by its own end and not by ours. */
  died = false;

  get interrupted(): boolean {
    return this.interrupts.signal !== null;
  }
  private readonly interrupts = new Interrupts(() => this.server?.signal("SIGKILL"));
  private server: Launched | null = null;
  private load: Load | null = null;
  private why: WhyNoData | null = null;
  private silence: Silence | null = null;
  private perf: PerfRecording | null = null;
  private loadFailure: UserError | null = null;
  private calibrating = false;
  /** It was told, with what to do. */
  private crashLoop = false;
  private readonly toldPorts = new Set<number>();

  constructor(
    private readonly words: RecordArguments,
    private readonly session: Session,
    private readonly distFolder: string,
  ) {}

  /** Null when it was interrupted before it measured. @throws UserError */
  async run(cwd: string): Promise<Profile | null> {
    const { session, progress, words } = this;
    session.on("notice", (notice) => {
      this.crashLoop ||= notice.code === "crash-loop";
      // The terminal's Ctrl-C ends the calibration too.
      if (this.calibrating && this.interrupts.signal !== null) return;
      tellNotice(notice, cwd, (text) => progress.say(text));
    });
    session.on("calibrated", (calibration) => {
      const busy = busyPrices(calibration);
      if (busy !== null) progress.say(`warning: ${busy}`);
    });
    progress.say("Calibrating this machine…");
    this.calibrating = true;
    await Promise.race([session.calibrate(), this.interrupts.first]);
    this.calibrating = this.interrupts.signal !== null;
    if (this.interrupts.signal !== null) return null;
    const { command, startTimeoutMs } = words;
    const readErrors = process.stderr.isTTY !== true;
    const others = () => runningWorkers(session);
    const environment = await this.prepareDeep(session.environment);
    this.server = await launch({ command, cwd, environment, readErrors, others });
    const why = new WhyNoData(session, this.server.pid);
    this.why = why;
    const launched = performance.now();
    const started = untilListening(session, this.server, startTimeoutMs, command, why);
    // After an interrupt its rejection, that the server ended, is no news.
    started.catch(() => undefined);
    const early = setTimeout(() => void this.sayEarly(why), EARLY_MS);
    try {
      if ((await Promise.race([started, this.interrupts.first])) !== undefined) return null;
    } finally {
      clearTimeout(early);
    }
    const othersIn = workersDeadline(performance.now() - launched);
    await Promise.race([untilAllListen(session, othersIn), this.server.exited, this.interrupts.first]);
    if (this.interrupts.signal !== null) return null;
    this.announce();
    this.tellOtherPorts();
    session.on("workers", () => this.tellOtherPorts());
    tellRestarts(session, (text) => progress.say(text));
    this.silence = tellSilence(session, (text) => progress.say(text), { title: "The server", command });
    this.silence.follow(false);
    this.startLoad();
    await this.untilLoadRuns(this.server);
    if (words.warmupMs > 0) this.invite();
    await this.phase("warm-up", words.warmupMs);
    if (this.interrupts.signal !== null) return null;
    // Without one, what it did before it ended counts.
    if (this.server.exit !== null && words.warmupMs > 0)
      throw endedError(this.server.exit, "during the warm-up");
    await session.startMeasuring();
    this.perf?.start(processesOf(session));
    // Not before: the first requests would not count.
    if (words.warmupMs === 0) this.invite();
    await this.phase("recording", words.durationMs);
    return this.finish();
  }

  async dispose(): Promise<void> {
    this.progress.clear();
    this.why?.stop();
    this.silence?.stop();
    this.load?.stop();
    await this.endServer("SIGTERM");
    await this.perf?.remove([...processesOf(this.session), this.server?.pid ?? 0]);
    await this.session.close();
    this.interrupts.dispose();
  }

  /** The server's environment, with what perf needs where that was asked for and is there. */
  private async prepareDeep(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    const { words, session, progress } = this;
    if (!words.deepSwitches) return environment;
    const reason = await whyNoPerf(session.folderPath);
    if (reason === null) {
      this.perf = new PerfRecording(session.folderPath, process.cwd());
      return deepEnvironment(environment);
    }
    progress.say(`warning: --deep-switches is left out: ${reason}.`);
    return environment;
  }

  /** Before the session's folder is removed. */
  private async readDeep(): Promise<PerfSamples | null> {
    const { perf, progress } = this;
    if (perf === null) return null;
    progress.say("Reading what perf recorded…");
    const samples = await perf.read(isUserFile);
    if (samples === null) progress.say("warning: perf recorded no context switch.");
    return samples;
  }

  private announce(): void {
    const { listening, serverWorkers } = this.session;
    if (listening === null) return;
    if (listening.port !== null) this.toldPorts.add(listening.port);
    const place = shownPlace(listening);
    const missing = listening.workers - serverWorkers;
    // A server alone, or with a cluster of its own, whose workers come later and are not ours to count.
    const workers = serverWorkers === 1 ? "1 worker" : `${serverWorkers} workers`;
    const how = listening.topology === "single" ? "(single)" : `with ${workers} (${listening.topology})`;
    this.progress.say(`Listening on ${place} ${how}.`);
    if (missing > 0)
      this.progress.say(`warning: ${missingWorkers(missing, listening.workers, this.crashLoop)}`);
  }

  /** While it is waited for: what is known by now, if it is more than that nothing has happened. */
  private async sayEarly(why: WhyNoData): Promise<void> {
    const { message, remedy } = await why.ask(true);
    if (this.session.listening !== null || this.server?.exit !== null || this.interrupts.signal !== null)
      return;
    this.progress.say(`Nothing listens after ${EARLY_MS / 1_000} s. ${message} ${remedy}`);
  }

  private invite(): void {
    if (this.words.load !== null) return;
    const end = this.words.durationMs === null ? "Ctrl-C ends the recording." : "";
    this.progress.say(`Send it requests now. ${end}`.trimEnd());
  }

  /** Each once: some come to be later than the first. A program may open ports without end. */
  private tellOtherPorts(): void {
    if (this.toldPorts.size > MOST_PORTS) return;
    const { listening, otherPorts } = this.session;
    // A gateway that comes after its services takes their place as the server, and they still listen: its port is the new one.
    const first = listening?.port ?? null;
    const joins = first !== null && otherPorts.some((port) => this.toldPorts.has(port));
    const ports = joins ? [first, ...otherPorts] : otherPorts;
    const fresh = ports.filter((port) => !this.toldPorts.has(port));
    if (fresh.length === 0) return;
    for (const port of fresh) this.toldPorts.add(port);
    const told = fresh.map((port) => `:${port}`).join(", ");
    const choose = this.words.load === null ? "" : "; give --load a URL to choose";
    this.progress.say(`The server also listens on ${told}${choose}.`);
  }

  private startLoad(): void {
    const { load, warmupMs, durationMs } = this.words;
    if (load === null) return;
    const url = loadUrl(load.target, this.session.listening);
    this.load = driveLoad(process.execPath, this.distFolder, {
      url,
      connections: load.connections,
      ratePerSecond: load.ratePerSecond,
      reconnects: load.reconnects,
      method: load.method,
      durationSeconds: Math.ceil((warmupMs + (durationMs ?? 0)) / 1_000) + LOAD_MARGIN_SECONDS,
    });
    this.load.done.catch((error: unknown) => {
      this.loadFailure = error instanceof UserError ? error : new UserError(String(error), "Try it again.");
    });
  }

  /** On a busy machine the load's process needs longer than a short recording lasts. */
  private async untilLoadRuns({ exited }: Launched): Promise<void> {
    if (this.load === null) return;
    const begun = this.load.started.then(() => delay(BETWEEN_BURSTS_MS));
    await Promise.race([begun, exited, this.interrupts.first]);
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
      this.progress.update(session, name, elapsedMs);
      const leftMs = durationMs === null ? TICK_MS : Math.min(TICK_MS, durationMs - elapsedMs);
      await Promise.race([delay(leftMs), ended]);
      if (over) return;
    }
  }

  private async finish(): Promise<Profile> {
    const { session, server, progress } = this;
    // The end says it again.
    this.silence?.stop();
    await this.perf?.stop();
    const death = this.interrupts.signal === null ? deathOf(server?.exit ?? null) : null;
    if (death !== null) session.tell(serverEnded(death));
    await session.stopMeasuring();
    progress.clear();
    const exit = this.interrupts.signal === null ? (server?.exit ?? null) : null;
    this.load?.stop();
    const result = (await this.load?.done.catch(() => null)) ?? null;
    this.tellOf(result);
    const seen = await whyNoRequest(session);
    await this.endServer(this.interrupts.signal ?? "SIGTERM");
    const samples = await this.readDeep();
    const closed = await session.close();
    const profile = samples === null ? closed : { ...closed, deepSwitches: withinWindows(closed, samples) };
    if (!hasRequests(profile)) {
      throw exit === null
        ? (this.loadFailure ?? nothingMeasured(this.words.load?.target ?? null, result, seen))
        : endedError(exit, "before a request was measured");
    }
    if (exit !== null) progress.say(`warning: the server ended ${howItEnded(exit)} while it was recorded.`);
    this.died = exit !== null && exit.code !== 0;
    if (result !== null) progress.say(loadText(result, this.words.warmupMs > 0));
    return profile;
  }

  private tellOf(result: LoadResult | null): void {
    const { load } = this.words;
    const notice = load === null || result === null ? null : not2xx(load, result);
    if (notice !== null) this.session.tell(notice);
  }

  /** By a signal, and by SIGKILL when its time is up or somebody does not want to wait. */
  private async endServer(signal: NodeJS.Signals): Promise<void> {
    const { server, interrupts, progress } = this;
    if (server === null) return;
    if (interrupts.signal === null) void interrupts.first.then(() => server.signal("SIGKILL"));
    const again = interrupts.signal === null ? "" : " again";
    const slow = setTimeout(() => {
      const seconds = STOP_GRACE_MS / 1_000;
      progress.say(
        `Waiting for the server to end; it is killed ${seconds} s after ${signal}. Ctrl-C${again} kills it at once.`,
      );
    }, QUIET_STOP_MS);
    try {
      await server.stop(signal);
    } finally {
      clearTimeout(slow);
    }
  }
}
