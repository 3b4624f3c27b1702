// Recording: turns a profile, one that grows or a saved one, into the report and the series on show for the scope that was
// chosen: exact figures as they come while somebody sees them, all of it seldom enough to stay cheap.

import * as vscode from "vscode";
import { errorText } from "../common/errors.ts";
import { log } from "../common/log.ts";
import type { Glance } from "../model/builder.ts";
import type { Profile } from "../model/profile.ts";
import type { Newest, Range } from "../protocol/panel.ts";
import type { DetailsView, SiteDetails, SiteRef } from "../protocol/siteDetails.ts";
import { resolveSources } from "../sources/resolve.ts";
import { type Figures, GrowingFigures } from "./figures.ts";
import { Pacer, REFRESH, WHOLE, WHOLE_UNSEEN } from "./pace.ts";

/** Of the time between two looks, so much too early is no harm. */
const SOON_MILLIS = 125;

export class LiveReport implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #refreshed = new vscode.EventEmitter<void>();
  /** Exact figures are newer than they were; estimates are not. */
  readonly onDidRefresh = this.#refreshed.event;
  readonly #growing = new GrowingFigures();
  #figures: Figures | null = null;
  #newest: Newest | null = null;
  #scopeSeconds: number;
  #range: Range | null = null;
  #wanted: { readonly site: SiteRef; readonly view: DetailsView } | null = null;
  #details: SiteDetails | null = null;
  #timer: NodeJS.Timeout | undefined;
  #computing: Promise<void> = Promise.resolve();
  #busy = false;
  #seen = false;
  /** `looked` sets the pace. */
  #looking = false;
  /** Something came that is not in the figures, and since when they may be made anew. */
  readonly #whole = { wanted: false, from: 0, pacer: new Pacer() };
  readonly #refresh = { wanted: false, from: 0, pacer: new Pacer() };
  #disposed = false;

  constructor(
    private readonly profile: () => Profile | null,
    scopeSeconds: number,
    /** Of what is in no profile yet. */
    private readonly glances: () => readonly Glance[] = () => [],
    private readonly resolve: (profile: Profile) => Promise<Profile> = resolveSources,
  ) {
    this.#scopeSeconds = scopeSeconds;
  }

  get figures(): Figures | null {
    return this.#figures;
  }

  /** Of requests, newer than the figures; null: there is nothing newer. */
  get newest(): Newest | null {
    return this.#newest;
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
    this.#newest = null;
    this.#hurry();
  }

  /** Somebody sees the panel, or nobody any more. */
  setSeen(seen: boolean): void {
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#looking = false;
    if (seen && this.#whole.wanted) this.#hurry();
    else this.#schedule();
  }

  /** The reader waits for it. */
  #hurry(): void {
    this.#whole.wanted = true;
    this.#whole.from = 0;
    this.#schedule();
  }

  /** Computes soon; what is asked for in the meantime is one more computation, not many. */
  request(): void {
    this.#looking = false;
    this.#whole.wanted = true;
    this.#refresh.wanted = true;
    this.#schedule();
  }

  /**
   * What there is has come of all workers at once: what is due, or will be before they are asked again, is computed now, so
   * that what is posted is new.
   */
  looked(windows: boolean): void {
    this.#looking = true;
    this.#whole.wanted ||= windows;
    this.#refresh.wanted ||= windows;
    if (this.#disposed || this.#busy) return;
    const soon = performance.now() + SOON_MILLIS;
    if (this.#whole.wanted && this.#whole.from <= soon) void this.compute();
    else if (this.#refreshable && this.#refresh.from <= soon) this.#refreshNow();
    else {
      this.#findNewest();
      this.#refreshed.fire();
    }
  }

  #findNewest(): void {
    const report = this.#figures?.report;
    const glances = this.#range === null ? this.glances() : [];
    const profile = glances.length === 0 ? null : this.profile();
    this.#newest =
      report === undefined || profile === null
        ? null
        : this.#growing.newest(report, profile, glances, this.#scopeSeconds);
  }

  get #refreshable(): boolean {
    return this.#refresh.wanted && this.#seen && this.#figures !== null;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#disposed || this.#busy) return;
    // What is not waited for is computed when new figures have come.
    if (this.#looking && this.#whole.from > 0) return;
    const next = Math.min(
      this.#whole.wanted ? this.#whole.from : Number.POSITIVE_INFINITY,
      this.#refreshable ? this.#refresh.from : Number.POSITIVE_INFINITY,
    );
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#compute(next), Math.max(0, next - performance.now()));
  }

  #compute(at: number): void {
    if (this.#whole.wanted && this.#whole.from <= at) void this.compute();
    else this.#refreshNow();
  }

  /** All figures. One after the other: those of an earlier profile must not come last. */
  compute(): Promise<void> {
    this.#computing = this.#computing.then(() => this.#computeWhole());
    return this.#computing;
  }

  async #computeWhole(): Promise<void> {
    if (this.#disposed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#busy = true;
    this.#whole.wanted = false;
    this.#whole.from = Number.POSITIVE_INFINITY;
    this.#refresh.wanted = false;
    const began = process.cpuUsage();
    try {
      const profile = this.profile();
      if (profile !== null) {
        const resolved = await this.resolve(profile);
        this.#figures = this.#growing.whole(resolved, this.#scopeSeconds, this.#range);
        this.#findDetails();
      }
    } catch (error) {
      log().error(`The report could not be made: ${errorText(error)}`);
    }
    this.#busy = false;
    // Asked for in a hurry meanwhile: then at once.
    const from =
      performance.now() +
      this.#whole.pacer.pauseAfter(process.cpuUsage(began), this.#seen ? WHOLE : WHOLE_UNSEEN);
    this.#whole.from = Math.min(this.#whole.from, from);
    if (this.#disposed) return;
    this.#findNewest();
    this.#changed.fire();
    this.#schedule();
  }

  #refreshNow(): void {
    this.#refresh.wanted = false;
    const began = process.cpuUsage();
    try {
      const profile = this.profile();
      if (profile !== null && this.#figures !== null) {
        const figures = this.#growing.refreshed(this.#figures, profile, this.#scopeSeconds, this.#range);
        // Else they stay as they are until all are made anew, which was asked for with this.
        this.#figures = figures ?? this.#figures;
      }
    } catch (error) {
      log().error(`The figures could not be made anew: ${errorText(error)}`);
    }
    this.#findNewest();
    this.#refresh.from = performance.now() + this.#refresh.pacer.pauseAfter(process.cpuUsage(began), REFRESH);
    this.#refreshed.fire();
    this.#schedule();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#changed.dispose();
    this.#refreshed.dispose();
  }
}
