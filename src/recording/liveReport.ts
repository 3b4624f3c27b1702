// Recording: turns a profile, one that grows or a saved one, into the report and the series on show for the scope that was
// chosen, seldom enough to stay cheap.

import * as vscode from "vscode";
import { errorText } from "../common/errors.ts";
import { log } from "../common/log.ts";
import type { Profile } from "../model/profile.ts";
import type { Range } from "../protocol/panel.ts";
import type { DetailsView, SiteDetails, SiteRef } from "../protocol/siteDetails.ts";
import { resolveSources } from "../sources/resolve.ts";
import { type Figures, figuresOf } from "./figures.ts";

const LEAST_PAUSE_MILLIS = 400;
/** The pause is this many times what the last computation took: a tenth of the extension host at the most. */
const PAUSE_FACTOR = 10;

export class LiveReport implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #figures: Figures | null = null;
  #scopeSeconds: number;
  #range: Range | null = null;
  #wanted: { readonly site: SiteRef; readonly view: DetailsView } | null = null;
  #details: SiteDetails | null = null;
  #timer: NodeJS.Timeout | undefined;
  #computing: Promise<void> = Promise.resolve();
  #busy = false;
  #again = false;
  #pauseUntil = 0;
  /** The reader waits for it. */
  #urgent = false;
  #disposed = false;

  constructor(
    private readonly profile: () => Profile | null,
    scopeSeconds: number,
    private readonly resolve: (profile: Profile) => Promise<Profile> = resolveSources,
  ) {
    this.#scopeSeconds = scopeSeconds;
  }

  get figures(): Figures | null {
    return this.#figures;
  }

  get scopeSeconds(): number {
    return this.#scopeSeconds;
  }

  /** Null: `scopeSeconds` holds. */
  get range(): Range | null {
    return this.#range;
  }

  setScope(seconds: number): void {
    this.#scopeSeconds = seconds;
    this.setRange(null);
  }

  /** Of the site that was asked for, by the figures that stand. */
  get details(): SiteDetails | null {
    return this.#details;
  }

  /** What an open row shows from now on, with new figures anew; null: no row is open. */
  setDetails(wanted: { readonly site: SiteRef; readonly view: DetailsView } | null): void {
    this.#wanted = wanted;
    this.#findDetails();
    this.#changed.fire();
  }

  #findDetails(): void {
    const { site, view } = this.#wanted ?? {};
    this.#details = site && view ? (this.#figures?.details(site, view) ?? null) : null;
  }

  setRange(range: Range | null): void {
    this.#range = range;
    this.#urgent = true;
    this.#pauseUntil = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.request();
  }

  /** Computes soon; what is asked for in the meantime is one more computation, not many. */
  request(): void {
    if (this.#disposed) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#timer ??= setTimeout(() => void this.compute(), Math.max(0, this.#pauseUntil - performance.now()));
  }

  /** One after the other: figures of an earlier profile must not come last. */
  compute(): Promise<void> {
    this.#computing = this.#computing.then(() => this.#compute());
    return this.#computing;
  }

  async #compute(): Promise<void> {
    if (this.#disposed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#busy = true;
    this.#urgent = false;
    const began = performance.now();
    try {
      const profile = this.profile();
      if (profile !== null) {
        this.#figures = figuresOf(await this.resolve(profile), this.#scopeSeconds, this.#range);
        this.#findDetails();
      }
    } catch (error) {
      log().error(`The report could not be made: ${errorText(error)}`);
    }
    this.#busy = false;
    const pause = Math.max(LEAST_PAUSE_MILLIS, PAUSE_FACTOR * (performance.now() - began));
    this.#pauseUntil = this.#urgent ? 0 : performance.now() + pause;
    if (this.#disposed) return;
    this.#changed.fire();
    if (this.#again) {
      this.#again = false;
      this.request();
    }
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}
