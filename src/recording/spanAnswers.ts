// Recording: the figures that are shown of a recording that is as it is: those of the whole session stand, spans and open rows are
// asked for elsewhere. One question at a time: a brush asks faster than any thread answers, and of what is asked meanwhile only
// the newest counts.

import type { Range } from "../protocol/panel.ts";
import { type DetailsView, type SiteDetails, type SiteRef, siteName } from "../protocol/siteDetails.ts";
import type { Questions, ShownFigures } from "./analysis/messages.ts";

export type Wanted = { readonly site: SiteRef; readonly view: DetailsView } | null;

export interface SpanAsked {
  ask<K extends "figures" | "details">(name: K, ask: Questions[K]["ask"]): Promise<Questions[K]["answer"]>;
}

export interface SpanTold {
  changed(): void;
  /** The whole session shows again, and the next wish asks anew. */
  failed(error: unknown): void;
  /** From now on until it settles something is computed. */
  working?(answered: Promise<void>): void;
}

export class SpanAnswers {
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
  #failure: unknown = null;
  #disposed = false;

  /** @param asked whom to ask; called anew for each question */
  constructor(
    private readonly asked: () => Promise<SpanAsked>,
    private readonly told: SpanTold,
  ) {}

  /** Of the span that is shown; null before there are any. */
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

  /** Until nothing is computed. */
  get settled(): Promise<void> {
    return this.#answers;
  }

  /** Those of the whole session; they show where no span does. */
  setWhole(figures: ShownFigures): void {
    this.#whole = figures;
    if (this.#figuresOf === null) this.#figures = figures;
  }

  /** No span does any more. */
  showWhole(): void {
    this.#figures = this.#whole;
    this.#range = null;
    this.#figuresOf = null;
  }

  /** The whole is another recording's: an open row's answer is of none. */
  startOver(): void {
    this.showWhole();
    this.#details = null;
    this.#detailsOf = { wanted: null, range: null };
    this.told.changed();
    this.#answer();
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
    this.told.working?.(this.#answers);
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
    const asked = await this.asked();
    const [range, wanted] = [this.#range, this.#wanted];
    if (this.#figuresOf !== range) {
      const figures = await asked.ask("figures", { range });
      if (this.#range !== range) return;
      this.#figures = figures;
      this.#figuresOf = range;
    } else if (wanted !== null) {
      const found = await asked.ask("details", { range, ...wanted });
      if (this.#wanted !== wanted || this.#range !== range) return;
      this.#details = found;
      this.#detailsOf = { wanted, range };
    }
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.told.failed(error);
    this.showWhole();
    this.#details = null;
    this.#detailsOf = { wanted: this.#wanted, range: null };
    this.told.changed();
  }

  dispose(): void {
    this.#disposed = true;
  }
}

function nameOf(wanted: Wanted): string {
  return wanted === null ? "" : `${wanted.view} ${siteName(wanted.site)}`;
}
