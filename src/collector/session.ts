// Collector: one recording from its first to its last byte, as the command line and the extension see it.

import { EventEmitter } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DARCY_VERSION } from "../common/version.ts";
import { ProfileBuilder } from "../model/builder.ts";
import type { Profile, Worker } from "../model/profile.ts";
import type { Calibration } from "../protocol/report.ts";
import type {
  HelloMessage,
  ListeningMessage,
  NoticeMessage,
  PeerMessage,
  WindowMessage,
} from "../protocol/wire.ts";
import { runCalibration } from "./calibration/runCalibration.ts";
import { serverEnvironment } from "./environment.ts";
import { Live, type Measuring } from "./live.ts";
import type { PeerConnection } from "./peerConnection.ts";
import { PeerServer } from "./peerServer.ts";
import { type Peer, Peers } from "./peers.ts";
import {
  awaitLastWindow,
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
  /** Connections that were dropped because they did not speak our protocol, and why the newest was. */
  readonly refused = { count: 0, reason: "" };
  private readonly builder: ProfileBuilder;
  private readonly live = new Live();
  private readonly peers = new Peers();
  private readonly leaving = new Set<Promise<void>>();
  private server: PeerServer | null = null;
  private warmupTimer: NodeJS.Timeout | null = null;
  private phase: "starting" | "warming" | "measuring" = "starting";
  private endedMicros: number | null = null;
  private closing: Promise<Profile> | null = null;

  private constructor(
    private readonly options: SessionOptions,
    private readonly folder: SessionFolder,
  ) {
    super();
    const preload = join(options.distFolder, "preload.js");
    this.environment = serverEnvironment(options.baseEnvironment, folder.file, preload);
    const { command, cwd } = options;
    const { platform, arch } = process;
    const facts = {
      darcy: DARCY_VERSION,
      command,
      cwd,
      platform,
      arch,
      node: "",
      cores: availableParallelism(),
    };
    this.builder = new ProfileBuilder(facts, nowMicros());
  }

  /** Makes the session's folder and listens for workers. @throws UserError */
  static async open(options: SessionOptions): Promise<Session> {
    await sweepSessionFolders(sessionPlaces());
    const folder = await createSessionFolder(options);
    try {
      const session = new Session(options, folder);
      session.server = await PeerServer.listen(folder.socket, folder.secret, {
        hello: (connection, message) => session.welcome(connection, message),
        message: (connection, message) => session.receive(connection, message),
        refused: (reason, connection) => session.refuse(reason, connection),
        closed: (connection) => session.leave(connection),
      });
      return session;
    } catch (error) {
      await removeSessionFolder(folder);
      throw error;
    }
  }

  /** Measures what this machine charges; null with a notice when that fails. Run it before the server starts. */
  async calibrate(): Promise<Calibration | null> {
    const { nodePath, distFolder, baseEnvironment } = this.options;
    const outcome = await runCalibration(nodePath, distFolder, baseEnvironment);
    const calibration = typeof outcome === "string" ? null : outcome;
    if (typeof outcome === "string") {
      const text = `This machine could not be calibrated (${outcome}), so there are no microseconds a request.`;
      this.notice({ code: "coverage", severity: "warning", text });
    }
    this.builder.calibration = calibration;
    this.emit("calibrated", calibration);
    return calibration;
  }

  /** Where the server listens: its first port while it lives; a Unix socket or pipe has none. */
  get listening(): Omit<ListeningMessage, "type"> | null {
    const { server } = this.peers;
    if (server === null) return null;
    const { type: _type, ...listening } = server.listening;
    return listening;
  }

  /** On which the server listens beside `listening`: a load that has only a path does not go there. */
  get otherPorts(): readonly number[] {
    const { server } = this.peers;
    return server === null ? [] : [...server.ports].filter((port) => port !== server.listening.port);
  }

  /** Threads that listen now. */
  get listeningWorkers(): number {
    return this.peers.listening.length;
  }

  get workers(): readonly Worker[] {
    return this.builder.workers;
  }

  get serverPid(): number | null {
    return this.peers.serverPid;
  }

  get measuring(): Measuring & { readonly requestsEver: number } {
    const elapsedMicros = (this.endedMicros ?? nowMicros()) - this.builder.measureFromMicros;
    const elapsedMs = this.phase === "measuring" ? Math.max(0, elapsedMicros) / 1_000 : 0;
    return { ...this.live.read(elapsedMs), requestsEver: this.live.requestsEver };
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
    const flushed = this.peers.all.map(({ measuredTo }) => measuredTo);
    this.builder.measureFromMicros = Math.max(nowMicros(), ...flushed);
    this.phase = "measuring";
    this.live.restart();
  }

  /** The recording ends here; the server goes on, what it still sends is left out. */
  async stopMeasuring(): Promise<void> {
    if (this.endedMicros !== null) return;
    this.stopWarmupTimer();
    await this.flush();
    this.endedMicros ??= nowMicros();
  }

  /** Asks every worker for its window and waits for it, at most a second: one in a long computation can't answer. */
  async flush(): Promise<void> {
    const asked = nowMicros();
    const deadline = asked + FLUSH_DEADLINE_MS * 1_000;
    for (const peer of this.peers.all) {
      peer.owesSince = asked - CLOCK_SLACK_MICROS;
      peer.connection.send({ type: "flush" });
    }
    const missing = () => this.peers.all.some(({ owesSince }) => owesSince !== null);
    while (missing() && nowMicros() < deadline) await delay(5);
    await Promise.all(this.leaving);
  }

  /** What was measured so far, its places not yet traced to their sources. */
  snapshot(): Profile {
    return this.builder.snapshot(this.endedMicros ?? nowMicros());
  }

  /** Ends the recording, tells the workers to stop measuring and cleans up. May be called more than once. */
  close(): Promise<Profile> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<Profile> {
    await this.stopMeasuring();
    for (const { connection } of this.peers.all) connection.send({ type: "stop" });
    await this.server?.close();
    await Promise.all(this.leaving);
    await removeSessionFolder(this.folder);
    return this.snapshot();
  }

  private welcome(connection: PeerConnection, hello: HelloMessage): string | null {
    if (this.endedMicros !== null) return "The session is over.";
    const startedMicros = nowMicros();
    const index = this.builder.addWorker({
      peer: hello.peer,
      pid: hello.pid,
      threadId: hello.threadId,
      // Until it listens: which of the processes is the server can't be told before.
      role: hello.threadId > 0 ? "thread" : "child",
      startedMicros,
      endedMicros: null,
      port: null,
      argv: hello.argv,
    });
    if (index === null) return "Too many workers.";
    if (index === 0) {
      this.builder.startedMicros = startedMicros;
      this.builder.measureFromMicros = Math.max(startedMicros, this.builder.measureFromMicros);
    }
    if (this.builder.node === "") this.builder.node = hello.node;
    this.peers.add({
      index,
      hello,
      connection,
      listening: null,
      ports: new Set(),
      measuredTo: 0,
      owesSince: null,
    });
    for (const [, text] of hello.unavailable)
      this.notice({ code: "probe-unavailable", severity: "warning", text });
    this.emit("workers");
    return null;
  }

  private receive(connection: PeerConnection, message: Exclude<PeerMessage, HelloMessage>): void {
    const peer = this.peers.of(connection);
    if (peer === undefined) return;
    switch (message.type) {
      case "window":
        this.measure(peer, message);
        break;
      case "listening":
        this.listen(peer, message);
        break;
      case "notice": {
        const { type: _type, ...notice } = message;
        this.notice(notice);
      }
    }
  }

  private measure(peer: Peer, message: WindowMessage): void {
    if (this.endedMicros !== null) return;
    const window = this.builder.addWindow(peer.index, message);
    if (window === null) return;
    peer.measuredTo = Math.max(peer.measuredTo, message.endMicros);
    if (peer.owesSince !== null && message.endMicros >= peer.owesSince) peer.owesSince = null;
    const had = this.live.requestsEver;
    this.live.add(message);
    this.emit("window");
    if (had === 0 && this.live.requestsEver > 0) this.emit("request");
  }

  private listen(peer: Peer, message: ListeningMessage): void {
    // A second port does not replace the first; the same one told again (its topology is settled now) does.
    const known = peer.listening;
    if (message.port !== null) peer.ports.add(message.port);
    if (known === null || known.port === null || known.port === message.port) peer.listening = message;
    this.builder.updateWorker(peer.index, { role: "peer", port: peer.listening?.port ?? null });
    const { listening } = this;
    if (listening !== null) {
      this.builder.topology = listening.topology;
      this.builder.node = peer.hello.peer === 0 ? peer.hello.node : this.builder.node;
    }
    if (this.phase === "starting" && this.endedMicros === null) {
      this.phase = "warming";
      this.warmupTimer = setTimeout(() => void this.startMeasuring(), this.options.warmupMs);
    }
    this.emit("workers");
  }

  private leave(connection: PeerConnection): void {
    const peer = this.peers.of(connection);
    if (peer === undefined) return;
    const leaving = this.takeLastWindow(peer).finally(() => {
      this.peers.remove(connection);
      this.leaving.delete(leaving);
      this.builder.updateWorker(peer.index, { endedMicros: nowMicros() });
      this.emit("workers");
    });
    this.leaving.add(leaving);
  }

  private async takeLastWindow(peer: Peer): Promise<void> {
    if (this.endedMicros !== null) return;
    const window = await awaitLastWindow(this.folder, peer.hello.pid, peer.hello.threadId);
    if (window === null) return;
    try {
      this.measure(peer, window);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  private notice(notice: Omit<NoticeMessage, "type">): void {
    if (this.endedMicros !== null) return;
    if (this.builder.addNotice(notice, nowMicros())) this.emit("notice", notice);
  }

  private refuse(reason: string, connection: PeerConnection): void {
    this.refused.count++;
    this.refused.reason = reason;
    const peer = this.peers.of(connection);
    if (peer === undefined) return;
    const text = `Process ${peer.hello.pid} is not measured any more: ${reason}. Figures a request leave it out.`;
    this.notice({ code: "dropped", severity: "warning", text });
  }

  private stopWarmupTimer(): void {
    if (this.warmupTimer !== null) clearTimeout(this.warmupTimer);
    this.warmupTimer = null;
  }
}

function nowMicros(): number {
  return Date.now() * 1_000;
}
