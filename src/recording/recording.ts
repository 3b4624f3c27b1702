// Recording: one run of the user's server under Darcy: opens the session, starts the server, follows both, stops.

import * as vscode from "vscode";
import { logged, Silence } from "../collector/diagnosis/silence.ts";
import { type ExternalServer, externalServer } from "../collector/externalServer.ts";
import type { NodeBinary } from "../collector/findNode.ts";
import { driveLoad, type Load, type LoadOptions, loadUrl, shownOrigin } from "../collector/load/driveLoad.ts";
import { type OwnNotice, serverEnded } from "../collector/ownNotices.ts";
import { Session } from "../collector/session.ts";
import type { RestOptions } from "../collector/sessionOptions.ts";
import { Disposables } from "../common/disposables.ts";
import { log } from "../common/log.ts";
import type { Glance } from "../model/builder.ts";
import type { Profile, ProfileNotice } from "../model/profile.ts";
import { fill } from "../protocol/fill.ts";
import { NOTICES } from "../protocol/notices.ts";
import type { PanelPhase } from "../protocol/panel.ts";
import type { SamplingOptions, Topology } from "../protocol/sessionFile.ts";
import { printable } from "../report/columns.ts";
import { resolveNotice } from "../sources/resolve.ts";
import type { Onlookers } from "./onlookers.ts";
import { checkStart, endedEarly, type Problem, problemOf } from "./problems.ts";
import { changesTo, removedBy, terminalNodeOptions, withChanges } from "./serverEnvironment.ts";
import { ServerTask } from "./serverTask.ts";
import { takenPort } from "./takenPort.ts";

/** Ctrl+C in its terminal, and SIGTERM. */
const ENDED_BY_USER: ReadonlySet<number> = new Set([130, 143]);

export interface RecordingOptions {
  readonly title: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | null>>;
  readonly node: NodeBinary;
  readonly workers: number;
  readonly topology: Topology;
  readonly sampling: SamplingOptions;
  /** Null: all the time is measured. */
  readonly rest: RestOptions | null;
  /** Folder of preload.js and calibrate.js. */
  readonly bundles: string;
  /** Nothing is started: a server joins that something else starts, by `externalServer`. */
  readonly external?: boolean;
}

export class Recording implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<void>());
  /** The phase, the workers or the address changed. */
  readonly onDidChange = this.#changed.event;
  readonly #measured = this.#disposables.add(new vscode.EventEmitter<void>());
  /** A window arrived, while nobody looks on: figures may differ. */
  readonly onDidMeasure = this.#measured.event;
  readonly #looked = this.#disposables.add(new vscode.EventEmitter<boolean>());
  /** Somebody looks on, and what all workers have now is in; true: windows are among it. */
  readonly onDidLook = this.#looked.event;
  /** Resolves when nothing more is measured; the server may still be ending. Also once this is disposed of. */
  readonly measuredAll: Promise<void>;
  #measuredAll = (): void => undefined;

  readonly startedAt = performance.now();
  #endedAt: number | null = null;
  #session: Session | null = null;
  #onlookers = { any: false, seen: false };
  #task: ServerTask | null = null;
  #profile: Profile | null = null;
  #problem: Problem | null = null;
  #calibrated = false;
  #silence: Silence | null = null;
  #stopping: Promise<void> | null = null;

  constructor(readonly options: RecordingOptions) {
    this.measuredAll = new Promise((done) => {
      this.#measuredAll = done;
    });
  }

  get title(): string {
    return this.options.title;
  }

  get phase(): PanelPhase {
    if (this.problem !== null) return "error";
    if (this.#endedAt !== null) return "stopped";
    if (this.#stopping !== null) return "stopping";
    if (!this.#calibrated) return "calibrating";
    if (this.#silence?.requested === true) return "recording";
    return (this.#session?.listening ?? null) === null ? "starting" : "waiting";
  }

  get problem(): Problem | null {
    const silent = this.#silence?.problem ?? null;
    return this.#problem ?? (silent === null ? null : { ...silent, action: "stop" });
  }

  /** What is known of why nothing comes; null: nothing. */
  get hint(): string | null {
    return this.#silence?.hint ?? null;
  }

  /** The server runs, or is about to. */
  get active(): boolean {
    return this.#endedAt === null;
  }

  get elapsedMs(): number {
    return (this.#endedAt ?? performance.now()) - this.startedAt;
  }

  /** What its terminal runs; null where there is none, or VS Code does not tell. */
  get serverProcess(): number | null {
    return this.#task?.pid ?? null;
  }

  /** Where it takes requests; null before it listens, and where that is a Unix socket or a pipe. */
  get url(): string | null {
    return shownOrigin(this.#session?.listening ?? null);
  }

  /** How a server joins that something else starts; null where this one is ours to start, or the recording does not run. */
  get externalServer(): ExternalServer | null {
    const session = this.#session;
    if (this.options.external !== true || session === null || !this.#calibrated || !this.active) return null;
    return externalServer(session.environment, [session.folderPath, this.options.bundles]);
  }

  /** @throws UserError when the server can't be reached by a path */
  driveLoad(path: string, load: Omit<LoadOptions, "url" | "ratePerSecond">): Load {
    const url = loadUrl(path, this.#session?.listening ?? null);
    const { node, bundles } = this.options;
    return driveLoad(node.path, bundles, { ...load, url, ratePerSecond: null });
  }

  tell(notice: OwnNotice): void {
    this.#session?.tell(notice);
  }

  /** Whether somebody waits for figures: meanwhile no worker rests. And whether they are seen as they come. */
  watch({ any, seen }: Pick<Onlookers, "any" | "seen">): void {
    this.#onlookers = { any, seen };
    this.#session?.watch(any, seen);
  }

  /** Beyond `profile`: of windows that have not come yet. */
  get glances(): readonly Glance[] {
    return this.#session?.glances ?? [];
  }

  /** As far as it was measured; null before the session is open. */
  profile(): Profile | null {
    return this.#profile ?? this.#session?.snapshot() ?? null;
  }

  /** Of the server, also when that has ended; without the focus. */
  async showTerminal(): Promise<void> {
    await this.#task?.showTerminal();
  }

  /** Problems do not reject: they are the recording's state, which the panel shows. */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      if (this.#stopping === null) await this.#fail(problemOf(error));
    }
  }

  async #start(): Promise<void> {
    const { title, command, cwd, node, workers, topology, sampling, rest, bundles } = this.options;
    const external = this.options.external === true;
    const base = withChanges(process.env, {
      ...terminalNodeOptions(cwd),
      ...this.options.environment,
      // What the server has of its own is not known here.
      ...(external ? { NODE_OPTIONS: null } : {}),
    });
    if (!external) checkStart(command, cwd, base);
    const session = await Session.open({
      command,
      cwd,
      workers,
      topology,
      warmupMs: 0,
      sampling,
      rest,
      distFolder: bundles,
      nodePath: node.path,
      baseEnvironment: base,
    });
    this.#session = session;
    const silence = new Silence(session, this.options, (text) => {
      if (text !== "") log().warn(`${title}: ${text}`);
      this.#changed.fire();
    });
    this.#silence = silence;
    session.watch(this.#onlookers.any, this.#onlookers.seen);
    // Stopped in the meantime: nobody else closes it.
    if (this.#stopping !== null) {
      await session.close();
      return;
    }
    session.on("workers", () => this.#follow(false));
    session.on("request", () => this.#follow(true));
    session.on("window", () => {
      if (!session.looking) this.#measured.fire();
    });
    session.on("looked", (windows) => this.#looked.fire(windows));
    session.on("notice", (notice) => {
      const tell = ({ code, text }: ProfileNotice) => log().info(`${code}: ${printable(text)}`);
      void resolveNotice(notice, cwd).then(tell, () => tell(notice));
      this.#changed.fire();
    });
    // Before the server starts: the machine is to be quiet.
    await session.calibrate();
    this.#calibrated = true;
    if (this.#stopping !== null) return;
    this.#changed.fire();
    if (external) {
      silence.begin(null);
      return;
    }
    const environment = changesTo(process.env, session.environment);
    const removed = removedBy(this.options.environment, environment);
    this.#task = await ServerTask.start({ title, command, cwd, environment, removed });
    if (this.#stopping !== null) {
      await this.#task.stop(null);
      return;
    }
    this.#changed.fire();
    silence.begin(this.#task.pid);
    void this.#task.exited.then((code) => this.#serverEnded(code));
  }

  /** Ends the server and the session; what was measured stays. */
  stop(): Promise<void> {
    if (this.#stopping === null) {
      this.#stopping = this.#stop();
      this.#changed.fire();
    }
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    // A problem whose remedy was to stop is over.
    this.#silence?.stop();
    const session = this.#session;
    try {
      // What the server does while it ends is not what it costs to serve.
      await session?.stopMeasuring();
      this.#measuredAll();
      await this.#task?.stop(session?.serverPid ?? null);
    } catch (error) {
      log().error(error instanceof Error ? error : String(error));
    }
    await this.#close();
    this.#changed.fire();
  }

  async #close(): Promise<void> {
    this.#endedAt ??= performance.now();
    // Also where it could not be stopped, or failed.
    this.#measuredAll();
    if (this.#session === null || this.#profile !== null) return;
    try {
      this.#profile = await this.#session.close();
    } catch (error) {
      log().error(error instanceof Error ? error : String(error));
      this.#profile = this.#session.snapshot();
    }
  }

  async #serverEnded(code: number | null): Promise<void> {
    if (this.#stopping !== null) return;
    const silence = this.#silence;
    if (silence === null || silence.requested) {
      log().info(`The server of ${this.title} ended by itself with ${code ?? "no code"}.`);
      // VS Code tells no code of what it ended itself.
      if (code !== null && code !== 0 && !ENDED_BY_USER.has(code)) {
        this.tell(serverEnded(fill(NOTICES.byCode, code)));
        void this.#task?.showTerminal();
      }
      await this.stop();
      return;
    }
    void this.#task?.showTerminal();
    const { title, command, cwd, environment } = this.options;
    const { listened } = silence;
    const port = listened ? null : await takenPort(command, cwd, environment);
    const diagnosis = listened ? null : await silence.diagnose(false);
    if (diagnosis !== null) log().warn(`${title}: ${logged(diagnosis)}`);
    await this.#fail(endedEarly(title, code, listened, port, diagnosis));
  }

  async #fail(problem: Problem): Promise<void> {
    this.#problem = problem;
    this.#stopping ??= this.#stop();
    await this.#stopping;
  }

  /** Reads the session's state after each of its events. */
  #follow(requested: boolean): void {
    if (this.#session === null || this.#stopping !== null) return;
    this.#silence?.follow(requested);
    this.#changed.fire();
  }

  dispose(): void {
    this.#silence?.stop();
    this.#task?.dispose();
    this.#disposables.dispose();
  }
}
