// Recording: the figures of a saved recording, without views: at once by the front of its file, and by the recording itself, in a
// thread of its own, what is asked for beyond that.

import { stat } from "node:fs/promises";
import { openFront } from "../collector/front.ts";
import { readPacked } from "../collector/profileFile.ts";
import { errorText } from "../common/errors.ts";
import { translated } from "../model/findings/translated.ts";
import { isTranslated } from "../model/l10n.ts";
import { unpackHotspots } from "../protocol/hotspotTable.ts";
import type { Range } from "../protocol/panel.ts";
import type { SiteDetails } from "../protocol/siteDetails.ts";
import type { Analysis } from "./analysis/analysis.ts";
import type { OpenedRecording, ShownFigures } from "./analysis/messages.ts";
import { SpanAnswers, type Wanted } from "./spanAnswers.ts";

type Thread = Pick<Analysis, "ask" | "dispose">;

export interface Told {
  changed(): void;
  /** For the log. */
  warn(text: string): void;
  /** From now on until it settles something is computed. */
  working(answered: Promise<void>): void;
}

export class SavedFigures {
  #thread: Thread | null = null;
  #opening: Promise<Thread> | null = null;
  /** Of the file that the figures of the whole are of. */
  #stamp: string | null = null;
  #facts: OpenedRecording = { elapsedMs: 0, cwd: "" };
  readonly #spans: SpanAnswers;
  #refreshing = false;
  #disposed = false;

  constructor(
    private readonly file: string,
    private readonly startThread: () => Thread,
    private readonly told: Told,
  ) {
    this.#spans = new SpanAnswers(() => this.#opened(), {
      changed: () => told.changed(),
      working: (answered) => told.working(answered),
      failed: (error) => {
        told.warn(`The recording could not be read: ${errorText(error)}`);
        this.#thread?.dispose();
        this.#opening = null;
      },
    });
  }

  /** @throws UserError where the file is none of ours, or damaged */
  async open(): Promise<void> {
    const stamp = await stampOf(this.file);
    this.#stamp = stamp;
    const byFront = await this.#readFront();
    if (byFront !== null) return this.#spans.setWhole(byFront);
    const thread = await this.#opened();
    // The thread has asked already where the file was saved over meanwhile.
    if (this.#spans.figures === null || this.#stamp === stamp)
      this.#spans.setWhole(await thread.ask("figures", { range: null }));
  }

  /** Null: it has none that counts. */
  async #readFront(): Promise<ShownFigures | null> {
    const front = await openFront(await readPacked(this.file));
    if (front === null) return null;
    try {
      const { report, series, scope, texts, elapsedMs, cwd } = front;
      const whole = inUsersWords({ report, series, scope, texts, others: await front.others() });
      this.#facts = { elapsedMs, cwd };
      return whole;
    } catch (error) {
      this.told.warn(`The front of ${this.file} is of no use: ${errorText(error)}`);
      return null;
    }
  }

  /** Where another recording was saved over the file, all is of that one from now on. One that can't be read leaves what stands. */
  async refresh(): Promise<void> {
    if (this.#refreshing || this.figures === null) return;
    this.#refreshing = true;
    try {
      await this.#spans.settled;
      const [before, stamp] = [this.#stamp, await stampOf(this.file)];
      if (this.#disposed || stamp === null || stamp === before) return;
      this.#thread?.dispose();
      this.#opening = null;
      await this.open().catch((error: unknown) => {
        this.#stamp = before;
        throw error;
      });
      this.#spans.startOver();
    } catch (error) {
      if (!this.#disposed) this.told.warn(`${this.file} could not be read anew: ${errorText(error)}`);
    } finally {
      this.#refreshing = false;
    }
  }

  get facts(): OpenedRecording {
    return this.#facts;
  }

  /** Of the span that is shown; null before it is open. */
  get figures(): ShownFigures | null {
    return this.#spans.figures;
  }

  get range(): Range | null {
    return this.#spans.range;
  }

  /** Of the site that was asked for, by the figures that stand. */
  get details(): SiteDetails | null {
    return this.#spans.details;
  }

  /** Why the last wish was not met; null: it was, or will be. */
  get failure(): unknown {
    return this.#spans.failure;
  }

  setRange(range: Range | null): void {
    this.#spans.setRange(range);
  }

  setDetails(wanted: Wanted): void {
    this.#spans.setDetails(wanted);
  }

  #opened(): Promise<Thread> {
    this.#opening ??= this.#openThread();
    return this.#opening;
  }

  async #openThread(): Promise<Thread> {
    const before = await stampOf(this.file);
    if (this.#disposed) throw new Error("It was closed.");
    const thread = this.startThread();
    this.#thread = thread;
    this.#facts = await thread.ask("open", { file: this.file });
    // Another recording may have been saved over it: from now on all is of the one that the thread has read.
    if (before !== this.#stamp || (await stampOf(this.file)) !== before) {
      this.#spans.setWhole(await thread.ask("figures", { range: null }));
      this.#spans.showWhole();
      this.#stamp = before;
    }
    return thread;
  }

  dispose(): void {
    this.#disposed = true;
    this.#spans.dispose();
    this.#thread?.dispose();
  }
}

/** Tells a file's contents from those that it had before; null: there is none. */
async function stampOf(file: string): Promise<string | null> {
  const about = await stat(file).catch(() => null);
  return about === null ? null : [about.ino, about.size, about.mtimeMs].join(" ");
}

/** Files have findings in English: they follow from the figures of all hotspots, and are said anew. */
function inUsersWords(shown: ShownFigures): ShownFigures {
  if (!isTranslated()) return shown;
  const { report, others } = shown;
  const findings = translated(report, others === null ? [] : unpackHotspots(others));
  return { ...shown, report: { ...report, findings }, englishFindings: report.findings };
}
