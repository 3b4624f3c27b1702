// Recording: writes one recording to its file among the unsaved ones: as far as it has come, now and then while it runs, so that a
// crash takes little of it, and all of it once it has ended.

import type { Disposable, Event } from "vscode";
import type { Profile } from "../model/profile.ts";
import type { KeptFiles } from "./keptFiles.ts";

export interface Pace {
  /** After the start, and until there is something. */
  readonly firstMillis: number;
  /** Between two; more where a write takes long. */
  readonly pauseMillis: number;
}
export const PACE: Pace = { firstMillis: 10_000, pauseMillis: 30_000 };
/** Of what a write took: it shares the extension host's thread. */
const PAUSE_FACTOR = 200;

/** What is kept of: a `Recording`. */
export interface Keepable {
  readonly title: string;
  profile(): Profile | null;
  readonly onDidMeasure: Event<unknown>;
  readonly onDidLook: Event<unknown>;
}
export interface KeepingHost {
  /** The file is there, or is another now. */
  written(): void;
  /** @param ended whether it was the last try */
  failed(error: unknown, ended: boolean): void;
  /** What stands before the recording's bytes (`packFront`). */
  frontOf(packed: Uint8Array): Promise<Uint8Array>;
}

export class Keeping implements Disposable {
  readonly #listening: readonly Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #early = new AbortController();
  #more = false;
  #over = false;
  #ending: Promise<void> | null = null;

  constructor(
    readonly file: string,
    private readonly recording: Keepable,
    private readonly files: KeptFiles,
    private readonly host: KeepingHost,
    private readonly pace: Pace = PACE,
  ) {
    const more = () => {
      this.#more = true;
    };
    this.#listening = [recording.onDidMeasure(more), recording.onDidLook(more)];
    this.#schedule(pace.firstMillis);
  }

  /** Nothing more is measured. Resolves when all of it stands in its file, or can't. @param quick without a front: time is short */
  end(quick: boolean): Promise<void> {
    this.dispose();
    // What was on its way is less than this.
    this.#early.abort();
    this.#ending ??= this.#writing.then(() => this.#write(!quick, true));
    return this.#ending;
  }

  #schedule(millis: number): void {
    this.#timer = setTimeout(() => {
      this.#writing = this.#writing.then(() => this.#writeSoFar());
    }, millis);
    this.#timer.unref();
  }

  async #writeSoFar(): Promise<void> {
    if (this.#over) return;
    if (!this.#more) return this.#schedule(this.pace.firstMillis);
    this.#more = false;
    const began = performance.now();
    await this.#write(false, false, this.#early.signal);
    const took = performance.now() - began;
    if (!this.#over) this.#schedule(Math.max(this.pace.pauseMillis, took * PAUSE_FACTOR));
  }

  async #write(front: boolean, ended: boolean, signal?: AbortSignal): Promise<void> {
    const { file, files, host } = this;
    try {
      const profile = this.recording.profile();
      if (profile === null || !profile.windows.some(({ requests }) => requests.length > 0)) return;
      const [{ writeProfile }, { resolveSources }] = await Promise.all([
        import("../collector/profileFile.ts"),
        import("../sources/resolve.ts"),
      ]);
      await files.make();
      const resolved = await resolveSources(profile);
      await writeProfile(file, resolved, front ? (packed) => host.frontOf(packed) : undefined, signal);
      await files.sweep(file);
      host.written();
    } catch (error) {
      if (signal?.aborted !== true) host.failed(error, ended);
    }
  }

  /** It is written no more while it runs, but is at its end: the end of its window disposes of all before that is over. */
  dispose(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    for (const listener of this.#listening) listener.dispose();
  }
}
