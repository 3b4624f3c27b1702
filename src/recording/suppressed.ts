// Recording: sites that the reader does not want to see in this workspace: neither in the panel's list nor beside the code.
// They stay in all totals.

import * as vscode from "vscode";
import { isUsers } from "../common/isUsers.ts";
import type { HotspotTable } from "../protocol/hotspotTable.ts";
import type { Report } from "../protocol/report.ts";
import { type SiteRef, siteName } from "../protocol/siteDetails.ts";
import { SuppressedSites } from "./suppressedSites.ts";

const KEY = "darcy.suppressed";

interface Hotspots {
  readonly report: Report;
  /** The hotspots after the report's. */
  readonly others: HotspotTable | null;
}

export class Suppressed implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #sites: SuppressedSites;

  constructor(private readonly memory: vscode.Memento) {
    this.#sites = new SuppressedSites(memory.get<unknown>(KEY), isUsers);
  }

  /** Of the report's hotspots, and the ones after them, those that are suppressed, by `siteName`. */
  namesIn(report: Report | null, others: HotspotTable | null = null): readonly string[] {
    return report === null ? [] : this.#sites.namesIn(report, others);
  }

  /** @param report the one that the sites are of; null where there is none any more */
  set(sites: readonly SiteRef[], suppressed: boolean, report: Report | null): void {
    if (report === null) return;
    for (const site of sites) this.#sites.set(site, suppressed, report);
    void this.memory.update(KEY, this.#sites.entries);
    this.#changed.fire();
  }

  without({ report, others }: Hotspots): Hotspots & { readonly suppressed: ReadonlySet<string> } {
    const suppressed = new Set(this.namesIn(report, others));
    if (suppressed.size === 0) return { report, others, suppressed };
    const hotspots = report.hotspots.filter((hotspot) => !suppressed.has(siteName(hotspot)));
    return { report: { ...report, hotspots }, others, suppressed };
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
