// Recording: sites that the reader does not want to see in this workspace: neither in the panel's list nor beside the code.
// They stay in all totals.

import * as vscode from "vscode";
import type { Report } from "../protocol/report.ts";
import { type SiteRef, siteName } from "../protocol/siteDetails.ts";

const KEY = "darcy.suppressed";
const MOST = 1_000;

export class Suppressed implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #names: readonly string[];

  constructor(private readonly memory: vscode.Memento) {
    const kept = memory.get<unknown>(KEY);
    this.#names = Array.isArray(kept) ? kept.filter((name) => typeof name === "string") : [];
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** The oldest go where there are too many. */
  set(site: SiteRef, suppressed: boolean): void {
    const name = siteName(site);
    const others = this.#names.filter((each) => each !== name);
    this.#names = suppressed ? [...others, name].slice(-MOST) : others;
    void this.memory.update(KEY, this.#names);
    this.#changed.fire();
  }

  without(report: Report): Report {
    if (this.#names.length === 0) return report;
    const names = new Set(this.#names);
    return { ...report, hotspots: report.hotspots.filter((hotspot) => !names.has(siteName(hotspot))) };
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
