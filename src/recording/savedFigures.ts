// Recording: the figures of a saved recording, without views: at once by the front of its file, and by the recording itself, in a
// thread of its own, what is asked for beyond that. One question at a time: a brush asks faster than any thread answers, and of what
// is asked meanwhile only the newest counts.

import { stat } from "node:fs/promises";
import { openFront } from "../collector/front.ts";
import { readPacked } from "../collector/profileFile.ts";
import { errorText } from "../common/errors.ts";
import { translated } from "../model/findings/translated.ts";
import { isTranslated } from "../model/l10n.ts";
import { unpackHotspots } from "../protocol/hotspotTable.ts";
import type { Range } from "../protocol/panel.ts";
import { type DetailsView, type SiteDetails, type SiteRef, siteName } from "../protocol/siteDetails.ts";
import type { Analysis } from "./analysis/analysis.ts";
import type { OpenedRecording, ShownFigures } from "./analysis/messages.ts";

export type Wanted = { readonly site: SiteRef; readonly view: DetailsView } | null;
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
  /** Of the whole session. */
  #whole: ShownFigures | null = null;
  #figures: ShownFigures | null = null;
  #range: Range | null = null;
  /** That the figures are of. */
  #figuresOf: Range | null = null;
  #wanted: Wanted = null;
  #details: SiteDetails | null = null;
  /** What the details answer. */
  #detailsOf: { readonly wanted: Wanted; readonly range: Range | null } = { wanted: null, range: null };
  #answering = false;
  #answers: Promise<void> = Promise.resolve();
  #refreshing = false;
  #failure: unknown = null;
  #disposed = false;

  constructor(
    private readonly file: string,
    private readonly startThread: () => Thread,
    private readonly told: Told,
  ) {}

  /** @throws UserError where the file is none of ours, or damaged */
  async open(): Promise<void> {
    const stamp = await stampOf(this.file);
    this.#stamp = stamp;
    const byFront = await this.#readFront();
    if (byFront !== null) this.#whole = byFront;
    else {
      const thread = await this.#opened();
      // The thread has asked already where the file was saved over meanwhile.
      if (this.#whole === null || this.#stamp === stamp)
        this.#whole = await thread.ask("figures", { range: null });
    }
    this.#figures = this.#whole;
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
    if (this.#refreshing || this.#whole === null) return;
    this.#refreshing = true;
    try {
      await this.#answers;
      const [before, stamp] = [this.#stamp, await stampOf(this.file)];
      if (this.#disposed || stamp === null || stamp === before) return;
      this.#thread?.dispose();
      this.#opening = null;
      await this.open().catch((error: unknown) => {
        this.#stamp = before;
        throw error;
      });
      this.#showWhole();
      this.#details = null;
      this.#detailsOf = { wanted: null, range: null };
      this.told.changed();
      this.#answer();
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
    return this.#figures;
  }

  get range(): Range | null {
    return this.#range;
  }

  /** Of the site that was asked for, by the figures that stand. */
  get details(): SiteDetails | null {
    return this.#details;
  }

  /** Why the last wish was not met; null: it was, or will be. */
  get failure(): unknown {
    return this.#failure;
  }

  setRange(range: Range | null): void {
    this.#range = range;
    this.#failure = null;
    if (range === null) {
      this.#figures = this.#whole;
      this.#figuresOf = null;
      this.told.changed();
    }
    this.#answer();
  }

  /** What an open row shows from now on; null: no row is open. */
  setDetails(wanted: Wanted): void {
    // A row that waits asks again now and then, also for what failed: another wish, or closing it, tries again.
    if (nameOf(wanted) === nameOf(this.#wanted)) return;
    this.#wanted = wanted;
    this.#details = null;
    this.#failure = null;
    this.told.changed();
    this.#answer();
  }

  #answer(): void {
    if (this.#answering || this.#disposed || !this.#isWanting()) return;
    this.#answering = true;
    this.#answers = this.#answerAll();
    this.told.working(this.#answers);
  }

  async #answerAll(): Promise<void> {
    try {
      while (this.#isWanting()) {
        await this.#answerOne();
        if (this.#disposed) return;
        this.told.changed();
      }
    } catch (error) {
      if (!this.#disposed) this.#fail(error);
    } finally {
      this.#answering = false;
    }
  }

  #isWanting(): boolean {
    const { wanted, range } = this.#detailsOf;
    const answered = this.#wanted === null || (wanted === this.#wanted && range === this.#range);
    return this.#figuresOf !== this.#range || !answered;
  }

  async #answerOne(): Promise<void> {
    const thread = await this.#opened();
    const [range, wanted] = [this.#range, this.#wanted];
    if (this.#figuresOf !== range) {
      const figures = await thread.ask("figures", { range });
      if (this.#range !== range) return;
      this.#figures = figures;
      this.#figuresOf = range;
    } else if (wanted !== null) {
      const found = await thread.ask("details", { range, ...wanted });
      if (this.#wanted !== wanted || this.#range !== range) return;
      this.#details = found;
      this.#detailsOf = { wanted, range };
    }
  }

  /** The whole shows again, and the thread starts anew with the next wish. */
  #fail(error: unknown): void {
    this.told.warn(`The recording could not be read: ${errorText(error)}`);
    this.#failure = error;
    this.#thread?.dispose();
    this.#opening = null;
    this.#showWhole();
    this.#details = null;
    this.#detailsOf = { wanted: this.#wanted, range: null };
    this.told.changed();
  }

  #showWhole(): void {
    this.#figures = this.#whole;
    this.#range = null;
    this.#figuresOf = null;
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
      this.#whole = await thread.ask("figures", { range: null });
      this.#stamp = before;
      this.#showWhole();
    }
    return thread;
  }

  dispose(): void {
    this.#disposed = true;
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

function nameOf(wanted: Wanted): string {
  return wanted === null ? "" : `${wanted.view} ${siteName(wanted.site)}`;
}
