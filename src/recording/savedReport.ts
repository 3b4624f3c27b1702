// Recording: a saved recording as its panel shows it: at once by the front of its file, and by the recording itself, in a thread
// of its own, what is asked for beyond that.

import { basename } from "node:path";
import * as vscode from "vscode";
import { openFront } from "../collector/front.ts";
import { readPacked } from "../collector/profileFile.ts";
import { errorText } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { findingsOf } from "../model/findings/findings.ts";
import { isTranslated, t } from "../model/l10n.ts";
import type { Range } from "../protocol/panel.ts";
import { type DetailsView, type SiteDetails, type SiteRef, siteName } from "../protocol/siteDetails.ts";
import { Analysis } from "./analysis/analysis.ts";
import type { OpenedRecording, ShownFigures } from "./analysis/messages.ts";

const PATIENCE_MILLIS = 1_000;

type Wanted = { readonly site: SiteRef; readonly view: DetailsView } | null;

export class SavedReport implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #analysis: Analysis | null = null;
  #facts: OpenedRecording = { elapsedMs: 0, cwd: "" };
  /** Of the whole session. */
  #whole: ShownFigures | null = null;
  #figures: ShownFigures | null = null;
  #range: Range | null = null;
  #wanted: Wanted = null;
  #details: SiteDetails | null = null;
  #disposed = false;

  /** @param threadFile the built `analysis/thread.ts` */
  constructor(
    private readonly file: string,
    private readonly threadFile: string,
  ) {}

  /** @throws UserError where the file is none of ours, or damaged */
  async open(): Promise<void> {
    const front = await openFront(await readPacked(this.file));
    if (front !== null) {
      try {
        const { report, series, scope, elapsedMs, cwd } = front;
        this.#whole = inUsersWords({ report, series, scope, others: await front.others() });
        this.#facts = { elapsedMs, cwd };
      } catch (error) {
        log().warn(`The front of ${this.file} is of no use: ${errorText(error)}`);
      }
    }
    if (this.#whole === null) {
      const analysis = await this.#opened();
      this.#whole = inUsersWords(await analysis.ask("figures", { range: null }));
    }
    this.#figures = this.#whole;
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

  setRange(range: Range | null): void {
    this.#range = range;
    void this.#asked(async () => {
      const figures =
        range === null ? this.#whole : inUsersWords(await (await this.#opened()).ask("figures", { range }));
      if (this.#range === range) this.#figures = figures;
    }).then(() => this.#findDetails());
  }

  /** What an open row shows from now on; null: no row is open. */
  setDetails(wanted: Wanted): void {
    // A row that waits asks again now and then.
    if (nameOf(wanted) === nameOf(this.#wanted)) return;
    this.#wanted = wanted;
    this.#details = null;
    void this.#findDetails();
  }

  async #findDetails(): Promise<void> {
    const [wanted, range] = [this.#wanted, this.#range];
    await this.#asked(async () => {
      const found =
        wanted === null ? null : await (await this.#opened()).ask("details", { range, ...wanted });
      if (this.#wanted === wanted && this.#range === range) this.#details = found;
    });
  }

  /** Above a second the status bar says that it takes time; who closes the panel need not wait. */
  async #asked(act: () => Promise<void>): Promise<void> {
    const answer = act();
    const late = setTimeout(() => {
      const title = t("Darcy: reading {0}", basename(this.file));
      const over = answer.catch(() => undefined);
      void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => over);
    }, PATIENCE_MILLIS);
    try {
      await answer;
    } catch (error) {
      if (!this.#disposed) log().error(`The recording could not be read: ${errorText(error)}`);
    }
    clearTimeout(late);
    if (!this.#disposed) this.#changed.fire();
  }

  #opening: Promise<Analysis> | null = null;
  #opened(): Promise<Analysis> {
    this.#opening ??= (async () => {
      if (this.#disposed) throw new Error("It was closed.");
      this.#analysis = new Analysis(this.threadFile);
      this.#facts = await this.#analysis.ask("open", { file: this.file });
      return this.#analysis;
    })();
    return this.#opening;
  }

  dispose(): void {
    this.#disposed = true;
    this.#analysis?.dispose();
    this.#changed.dispose();
  }
}

/** Files and the thread have findings in English: they follow from the figures, and are said anew. */
function inUsersWords(shown: ShownFigures): ShownFigures {
  if (!isTranslated()) return shown;
  const { report } = shown;
  return { ...shown, report: { ...report, findings: findingsOf({ ...report, findings: [] }) } };
}

function nameOf(wanted: Wanted): string {
  return wanted === null ? "" : `${wanted.view} ${siteName(wanted.site)}`;
}
