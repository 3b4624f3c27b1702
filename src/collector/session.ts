// Collector: one recording from its first to its last byte, as the command line and the extension see it.

import { EventEmitter } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { changedMs } from "../common/changedMs.ts";
import { DARCY_VERSION } from "../common/version.ts";
import { DEFAULT_LIMITS, type Glance, ProfileBuilder } from "../model/builder.ts";
import { pathOfUrl } from "../model/origin.ts";
import type { Profile, Worker } from "../model/profile.ts";
import type { Calibration } from "../protocol/calibration.ts";
import { fill } from "../protocol/fill.ts";
import { NOTICES } from "../protocol/notices.ts";
import type { ListeningMessage, RestMessage } from "../protocol/wire.ts";
import { machineFacts } from "./calibration/machineFacts.ts";
import { quieter } from "./calibration/quieter.ts";
import { runCalibration } from "./calibration/runCalibration.ts";
import { Clock } from "./clock.ts";
import { missedOptions, withEnvFiles } from "./envFileOptions.ts";
import { PRELOAD_FILE, serverEnvironment } from "./environment.ts";
import { gitCommit } from "./gitCommit.ts";
import { Intake } from "./intake.ts";
import type { Measuring } from "./live.ts";
import { Looks } from "./looks.ts";
import type { OwnNotice } from "./ownNotices.ts";
import { PeerServer } from "./peerServer.ts";
import { availableCores } from "./processorLimit.ts";
import { Rests } from "./rests.ts";
import {
  createSessionFolder,
  removeSessionFolder,
  type SessionFolder,
  sessionPlaces,
} from "./sessionFolder.ts";
import type { SessionEvents, SessionOptions } from "./sessionOptions.ts";
import { sweepSessionFolders } from "./sweepSessionFolders.ts";

const FLUSH_DEADLINE_MS = 1_000;
/** Processes read the clock's origin once, at their start. */
const CLOCK_SLACK_MICROS = 5_000;

export class Session extends EventEmitter<SessionEvents> {
  readonly environment: NodeJS.ProcessEnv;
  private readonly builder: ProfileBuilder;
  private readonly intake: Intake;
  private server: PeerServer | null = null;
  private warmupTimer: NodeJS.Timeout | null = null;
  private phase: "starting" | "warming" | "measuring" = "starting";
  private endedMicros: number | null = null;
  private readonly rests: Rests;
  private readonly looks: Looks;
  private closing: Promise<Profile> | null = null;

  private constructor(
    private readonly options: SessionOptions,
    private readonly folder: SessionFolder,
    private readonly clock: Clock,
  ) {
    super();
    const preload = join(options.distFolder, PRELOAD_FILE);
    this.environment = serverEnvironment(withEnvFiles(options), folder.file, preload, options.cwd);
    const { command, cwd } = options;
    const { platform, arch } = process;
    const commit = gitCommit(cwd);
    const facts = {
      darcy: DARCY_VERSION,
      command,
      cwd,
      platform,
      arch,
      node: "",
      cores: availableParallelism(),
      availableCores: availableCores(),
      ...(commit === null ? {} : { commit }),
    };
    this.builder = new ProfileBuilder(facts, this.clock.nowMicros(), DEFAULT_LIMITS, changedBefore);
    const toAll = (message: RestMessage) => {
      for (const { connection } of this.intake.peers.all) connection.send(message);
    };
    this.rests = new Rests(options.rest ?? null, this.builder.rests, toAll, clock);
    this.looks = new Looks(
      () => this.intake.peers.all.map(({ connection }) => connection),
      (windows) => this.emit("looked", windows),
    );
    this.intake = new Intake(this.builder, folder, clock, {
      workers: () => this.emit("workers"),
      listening: (first, peer) => {
        if (first) this.rests.listens();
        if (first && this.phase === "measuring") this.intake.serves(peer);
        this.startWarmup();
      },
      window: ({ listening, connection }, { startMicros, endMicros, thread }) => {
        if (listening !== null && this.phase === "measuring")
          this.rests.window(connection, (endMicros - startMicros) / 1_000, thread.loopActiveMicros / 1_000);
        this.looks.answered(connection, true);
        this.emit("window");
      },
      glance: ({ connection }) => this.looks.answered(connection, false),
      woken: ({ connection }) => this.rests.woken(connection),
      notice: (notice) => this.emit("notice", notice),
      request: () => this.emit("request"),
      hello: (hello, connection) => {
        this.rests.comes(connection, (rest) => connection.send(rest));
        const missed = missedOptions(hello, options.baseEnvironment, this.environment);
        if (missed !== null) this.intake.notice(missed);
      },
    });
  }

  /** Makes the session's folder and listens for workers. @throws UserError */
  static async open(options: SessionOptions, clock = new Clock()): Promise<Session> {
    await sweepSessionFolders(sessionPlaces());
    const folder = await createSessionFolder(options);
    try {
      const session = new Session(options, folder, clock);
      session.server = await PeerServer.listen(folder.socket, folder.secret, session.intake.ofPeers);
      return session;
    } catch (error) {
      await removeSessionFolder(folder);
      throw error;
    }
  }

  /** Measures what this machine charges; null with a notice when that fails. Run it before the server starts. */
  async calibrate(): Promise<Calibration | null> {
    const { nodePath, distFolder, baseEnvironment } = this.options;
    const outcome = await quieter(() => runCalibration(nodePath, distFolder, baseEnvironment));
    const calibration = typeof outcome === "string" ? null : { ...outcome, machine: await machineFacts() };
    if (typeof outcome === "string") {
      const text = fill(NOTICES.notCalibrated, outcome);
      this.intake.notice({ code: "coverage", severity: "warning", text });
    }
    this.builder.calibration = calibration;
    this.emit("calibrated", calibration);
    return calibration;
  }

  /** Connections that were dropped because they did not speak our protocol, and why the newest was. */
  get refused(): Intake["refused"] {
    return this.intake.refused;
  }

  /** Where the server listens: its first port while it lives; a Unix socket or pipe has none. */
  get listening(): Omit<ListeningMessage, "type"> | null {
    const { server } = this.intake.peers;
    if (server === null) return null;
    const { type: _type, ...listening } = server.listening;
    return listening;
  }

  /** On which the program listens beside `listening`: a load that has only a path does not go there. */
  get otherPorts(): readonly number[] {
    return this.intake.peers.otherPorts;
  }

  /** Threads that listen there now: of a program with several servers not those of the others. */
  get serverWorkers(): number {
    return this.intake.peers.ofServer;
  }

  /** Threads that listen now. */
  get listeningWorkers(): number {
    return this.intake.peers.listening.length;
  }

  get workers(): readonly Worker[] {
    return this.builder.workers;
  }

  /** Processes that said hello, also those that have left. */
  get greeted(): Intake["greeted"] {
    return this.intake.greeted;
  }

  /** What the server's processes know the session by. */
  get sessionFile(): string {
    return this.folder.file;
  }

  /** Gone after `close`. */
  get folderPath(): string {
    return this.folder.path;
  }

  /** Its threads rest: until they are measured again there are no new figures. */
  get resting(): boolean {
    return this.rests.resting;
  }

  get serverPid(): number | null {
    return this.intake.peers.serverPid;
  }

  get measuring(): Measuring & { readonly requestsEver: number; readonly connectionsEver: number } {
    const elapsedMicros = (this.endedMicros ?? this.clock.nowMicros()) - this.builder.measureFromMicros;
    const elapsedMs = this.phase === "measuring" ? Math.max(0, elapsedMicros) / 1_000 : 0;
    const { requestsEver, connectionsEver } = this.intake.live;
    return { ...this.intake.live.read(elapsedMs), requestsEver, connectionsEver };
  }

  /**
   * Ends the warm-up now: what was measured so far does not count. Happens by itself `warmupMs` after the
   * server listens; the command line calls it when its load has warmed the server up.
   */
  async startMeasuring(): Promise<void> {
    this.stopWarmupTimer();
    this.phase = "warming";
    await this.flush();
    if (this.endedMicros !== null) return;
    // A window counts when it ends after this, so the flushed ones must not.
    const flushed = this.intake.peers.all.map(({ measuredTo }) => measuredTo);
    this.builder.measureFromMicros = Math.max(this.clock.nowMicros(), ...flushed);
    this.phase = "measuring";
    this.intake.live.restart();
  }

  /** It is of the recording as long as that is not closed, also when the measuring has stopped. */
  tell(notice: OwnNotice): void {
    const added = this.builder.addNotice(notice, this.endedMicros ?? this.clock.nowMicros());
    if (added !== null) this.emit("notice", added);
  }

  /** The recording ends here; the server goes on, what it still sends is left out. */
  async stopMeasuring(): Promise<void> {
    if (this.endedMicros !== null) return;
    this.stopWarmupTimer();
    this.looks.stop();
    this.rests.stop();
    await this.flush();
    this.endedMicros ??= this.clock.nowMicros();
    this.intake.ended = true;
  }

  /** Asks every worker for its window and waits for it, at most a second: one in a long computation can't answer. */
  async flush(): Promise<void> {
    const asked = this.clock.nowMicros();
    const deadline = asked + FLUSH_DEADLINE_MS * 1_000;
    for (const peer of this.intake.peers.all) {
      peer.owesSince = asked - CLOCK_SLACK_MICROS;
      peer.connection.send({ type: "flush" });
    }
    const missing = () => this.intake.peers.all.some(({ owesSince }) => owesSince !== null);
    while (missing() && this.clock.nowMicros() < deadline) await delay(5);
    await this.intake.settled();
  }

  /**
   * Whether somebody waits for figures: meanwhile no worker rests.
   * @param seen whether somebody looks on: each worker tells at once what there is
   */
  watch(watched: boolean, seen = watched): void {
    this.rests.watch(watched);
    this.looks.watch(seen && this.endedMicros === null);
  }

  /** Figures come at once from all workers, and `looked` tells of them. */
  get looking(): boolean {
    return this.looks.running;
  }

  /** What is known beyond `snapshot`, while somebody looks on: it comes with windows later. */
  get glances(): readonly Glance[] {
    return this.phase === "measuring" && this.endedMicros === null ? this.builder.glances : [];
  }

  /** What was measured so far, its places not yet traced to their sources. */
  snapshot(): Profile {
    return this.builder.snapshot(this.endedMicros ?? this.clock.nowMicros());
  }

  /** Ends the recording, tells the workers to stop measuring and cleans up. May be called more than once. */
  close(): Promise<Profile> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<Profile> {
    await this.stopMeasuring();
    for (const { connection } of this.intake.peers.all) connection.send({ type: "stop" });
    await this.server?.close();
    await this.intake.settled();
    await removeSessionFolder(this.folder);
    return this.snapshot();
  }

  private startWarmup(): void {
    if (this.phase !== "starting" || this.endedMicros !== null) return;
    this.phase = "warming";
    this.warmupTimer = setTimeout(() => void this.startMeasuring(), this.options.warmupMs);
  }

  private stopWarmupTimer(): void {
    if (this.warmupTimer !== null) clearTimeout(this.warmupTimer);
    this.warmupTimer = null;
  }
}

/** Null of `changedMs` and what was changed since alike: which text runs is not known. */
function changedBefore(url: string, startedMicros: number): number | undefined {
  const changed = changedMs(pathOfUrl(url));
  return changed !== null && changed <= startedMicros / 1_000 ? changed : undefined;
}
