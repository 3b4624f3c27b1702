// Recording: turns a growing profile into the report and the series on show, seldom enough to stay cheap.

import * as vscode from "vscode";
import { errorText } from "../common/errors.ts";
import { log } from "../common/log.ts";
import type { Profile } from "../model/profile.ts";
import { toReport } from "../model/report.ts";
import { toSeries } from "../model/series.ts";
import type { PanelState, Series } from "../protocol/panel.ts";
import type { Report } from "../protocol/report.ts";
import { resolveSources } from "../sources/resolve.ts";
import { scopeOf, stepFor } from "./scope.ts";

const LEAST_PAUSE_MILLIS = 400;
/** The pause is this many times what the last computation took: a tenth of the extension host at the most. */
const PAUSE_FACTOR = 10;
const MOST_HOTSPOTS = 200;

export interface Figures {
  readonly report: Report;
  readonly series: Series;
  readonly scope: PanelState["scope"];
}

export class LiveReport implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #figures: Figures | null = null;
  #scopeSeconds: number;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #again = false;
  #pauseUntil = 0;
  #disposed = false;

  constructor(
    private readonly profile: () => Profile | null,
    scopeSeconds: number,
  ) {
    this.#scopeSeconds = scopeSeconds;
  }

  get figures(): Figures | null {
    return this.#figures;
  }

  get scopeSeconds(): number {
    return this.#scopeSeconds;
  }

  setScope(seconds: number): void {
    this.#scopeSeconds = seconds;
    this.#pauseUntil = 0;
    this.request();
  }

  /** Computes soon; what is asked for in the meantime is one more computation, not many. */
  request(): void {
    if (this.#disposed) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#timer ??= setTimeout(() => void this.compute(), Math.max(0, this.#pauseUntil - Date.now()));
  }

  async compute(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#busy = true;
    const began = performance.now();
    try {
      const profile = this.profile();
      if (profile !== null) this.#figures = await figuresOf(profile, this.#scopeSeconds);
    } catch (error) {
      log().error(`The report could not be made: ${errorText(error)}`);
    }
    this.#busy = false;
    this.#pauseUntil = Date.now() + Math.max(LEAST_PAUSE_MILLIS, PAUSE_FACTOR * (performance.now() - began));
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

/** @param scopeSeconds 0: the whole session */
export async function figuresOf(raw: Profile, scopeSeconds: number): Promise<Figures> {
  const profile = await resolveSources(raw);
  const scope = scopeOf(profile, scopeSeconds);
  const report = toReport(profile, {
    fromMicros: scope.fromMicros,
    toMicros: scope.toMicros,
    top: MOST_HOTSPOTS,
  });
  const millis = (micros: number) => Math.max(0, micros - profile.startedMicros) / 1_000;
  return {
    report,
    series: toSeries(profile, stepFor(profile)),
    scope: { fromMs: millis(scope.fromMicros), toMs: millis(scope.toMicros), label: scope.label },
  };
}
