// Recording: holds the one recording that runs or ran last, and tells the views what it looks like now.

import * as vscode from "vscode";
import type { Load, LoadResult } from "../collector/load/driveLoad.ts";
import { not2xx } from "../collector/ownNotices.ts";
import { setContext } from "../common/context.ts";
import { Disposables } from "../common/disposables.ts";
import type { PanelState } from "../protocol/panel.ts";
import { PANEL_IDLE } from "./idle.ts";
import type { Keeper } from "./keeper.ts";
import type { LiveReport } from "./liveReport.ts";
import type { LoadRequest } from "./loadRequest.ts";
import { Onlookers } from "./onlookers.ts";
import type { Recording, RecordingOptions } from "./recording.ts";

const DEFAULT_SCOPE_SECONDS = 60;

interface Current {
  readonly recording: Recording;
  readonly live: LiveReport;
  readonly disposables: Disposables;
  /** Resolves when the figures are the last ones, and are kept; null while it runs. */
  ended: Promise<unknown> | null;
}

export class Recorder implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #figured = new vscode.EventEmitter<void>();
  /** There are new figures. */
  readonly onDidFigure = this.#figured.event;
  readonly #refreshed = new vscode.EventEmitter<void>();
  /** Exact figures are newer, several times a second while the panel is seen. */
  readonly onDidRefresh = this.#refreshed.event;
  #current: Current | null = null;
  readonly #onlookers = new Onlookers(() => this.recording?.watch(this.#onlookers));
  /** Two starts at once come one after the other. */
  #starting: Promise<void> = Promise.resolve();
  #load: Load | null = null;
  /** In the last second; null: not known yet, or there is no load. */
  #loadAnswers: number | null = null;

  /** @param idle what is shown before the first recording */
  constructor(
    private readonly idle: PanelState,
    private readonly keeper: Pick<Keeper, "begin" | "ended">,
  ) {}

  get recording(): Recording | null {
    return this.#current?.recording ?? null;
  }

  get live(): LiveReport | null {
    return this.#current?.live ?? null;
  }

  setSeen(seen: boolean): void {
    this.live?.setSeen(seen);
    this.#onlookers.setSeen(seen);
  }

  get loadRunning(): boolean {
    return this.#load !== null;
  }

  /** Ends the one before it, then starts; resolves when the server was started or has failed to. */
  start(options: RecordingOptions): Promise<Recording> {
    const begun = this.#starting.then(() => this.#start(options));
    this.#starting = begun.then(
      () => undefined,
      () => undefined,
    );
    return begun;
  }

  async #start(options: RecordingOptions): Promise<Recording> {
    await this.stop();
    this.#current?.disposables.dispose();
    // The collector and the model are loaded when they are needed, not when the extension is activated.
    const [{ Recording }, { LiveReport }] = await Promise.all([
      import("./recording.ts"),
      import("./liveReport.ts"),
    ]);
    const disposables = new Disposables();
    const recording = disposables.add(new Recording(options));
    const live = disposables.add(
      new LiveReport(
        () => recording.profile(),
        DEFAULT_SCOPE_SECONDS,
        () => recording.glances,
      ),
    );
    live.setSeen(this.#onlookers.seen);
    const current: Current = { recording, live, disposables, ended: null };
    disposables.add(live.onDidRefresh(() => this.#refreshed.fire()));
    disposables.add(this.keeper.begin(recording));
    // At once: a window that closes leaves no time after its server's end. What listens has been disposed of by then.
    void recording.measuredAll.then(() => this.keeper.ended(recording));
    disposables.add(recording.onDidMeasure(() => live.request()));
    disposables.add(recording.onDidLook((windows) => live.looked(windows)));
    disposables.add(
      recording.onDidChange(() => {
        if (recording.active) live.request();
        else {
          // The server may end by itself.
          this.#load?.stop();
          void this.#ended(current);
        }
        this.#fire();
      }),
    );
    disposables.add(
      live.onDidChange(() => {
        this.#figured.fire();
        this.#fire();
      }),
    );
    this.#current = current;
    recording.watch(this.#onlookers);
    this.#fire();
    await recording.start();
    return recording;
  }

  async stop(): Promise<void> {
    this.#load?.stop();
    const current = this.#current;
    if (current === null) return;
    await this.#ended(current);
  }

  /** Ends it, if it has not ended by itself. */
  #ended(current: Current): Promise<unknown> {
    const { recording, live } = current;
    current.ended ??= recording
      .stop()
      .then(() => Promise.all([live.compute(), this.keeper.ended(recording)]));
    return current.ended;
  }

  /** Resolves when the load has ended; null when it was stopped before it could tell anything, or when nothing listens. @throws UserError */
  async driveLoad(request: LoadRequest): Promise<LoadResult | null> {
    const { recording } = this;
    if (recording === null || recording.url === null || !recording.active || this.#load !== null) return null;
    const { method, path, connections, seconds } = request;
    const load = recording.driveLoad(path, { method, connections, durationSeconds: seconds });
    this.#load = load;
    load.onProgress((answered) => {
      this.#loadAnswers = answered;
    });
    void this.#onlookers.until(load.done);
    this.#fire();
    try {
      const result = await load.done;
      const notice = result === null ? null : not2xx({ method, target: path }, result);
      if (notice !== null) recording.tell(notice);
      return result !== null && load.stopped && sentNothing(result) ? null : result;
    } finally {
      this.#load = null;
      this.#loadAnswers = null;
      this.#fire();
    }
  }

  /** The server goes on, and so does its recording. */
  stopLoad(): void {
    this.#load?.stop();
  }

  /** What the panel shows of it. */
  state(): PanelState {
    const current = this.#current;
    if (current === null) return this.idle;
    const { recording, live } = current;
    const { figures } = live;
    return {
      phase: recording.phase,
      title: recording.title,
      url: recording.url,
      elapsedMs: recording.elapsedMs,
      scope: figures?.scope ?? PANEL_IDLE.scope,
      scopeSeconds: live.scopeSeconds,
      range: live.range,
      report: figures?.report ?? null,
      ...(live.newest === null ? {} : { newest: live.newest }),
      others: figures?.others ?? null,
      ...(figures?.englishFindings === undefined ? {} : { englishFindings: figures.englishFindings }),
      details: live.details,
      series: figures?.series ?? PANEL_IDLE.series,
      loadRunning: this.loadRunning,
      ...(this.#loadAnswers === null ? {} : { loadAnswers: this.#loadAnswers }),
      error: recording.problem,
      ...(recording.hint === null ? {} : { hint: recording.hint }),
      ...(recording.options.external === true ? { external: true } : {}),
    };
  }

  #fire(): void {
    const recording = this.recording;
    setContext("darcy.recording", recording?.active ?? false);
    setContext("darcy.listening", (recording?.active ?? false) && recording?.url !== null);
    setContext("darcy.loading", this.loadRunning);
    setContext("darcy.again", recording !== null && recording.options.external !== true);
    setContext("darcy.measured", (this.live?.figures?.report.requests.total ?? 0) > 0);
    this.#changed.fire();
  }

  dispose(): void {
    this.#load?.stop();
    this.#current?.disposables.dispose();
    this.#figured.dispose();
    this.#refreshed.dispose();
    this.#changed.dispose();
  }
}

function sentNothing({ answered, errors, timeouts }: LoadResult): boolean {
  return answered + errors + timeouts === 0;
}
