// Recording: which sites the reader does not want to see. A site is kept by its operation, its function and the text of its
// line, so that it stays suppressed when its line moves, and comes back when its line is changed.

import { type HotspotTable, unpackHotspots } from "../protocol/hotspotTable.ts";
import type { Hotspot, Report } from "../protocol/report.ts";
import { type SiteRef, siteName } from "../protocol/siteDetails.ts";
import { LineTexts } from "./lineTexts.ts";

const MOST = 1_000;

/** As kept in the workspace's memory. */
export interface SuppressedSite {
  /** Operation, file and function. */
  readonly site: string;
  /** Where it stood: for when no text is known. */
  readonly line: number;
  readonly text: string | null;
}
/** A string: `siteName`, as earlier versions kept it. */
export type Entry = string | SuppressedSite;

export class SuppressedSites {
  #entries: readonly Entry[];
  #last: {
    readonly report: Report;
    readonly others: HotspotTable | null;
    readonly names: readonly string[];
  } | null = null;
  readonly #texts = new LineTexts();

  /**
   * @param kept what was kept before, unchecked
   * @param mayRead whether a file may be looked into: a recording names whatever files it likes
   */
  constructor(
    kept: unknown,
    private readonly mayRead: (file: string) => boolean,
  ) {
    this.#entries = Array.isArray(kept) ? kept.flatMap((each) => entryOf(each) ?? []).slice(-MOST) : [];
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The oldest go where there are too many. */
  set(site: SiteRef, suppressed: boolean, report: Report): void {
    const others = this.#entries.filter((entry) => !this.#is(entry, site, report));
    const entry = { site: contentName(site), line: site.line, text: this.#textAt(site, report) };
    this.#entries = suppressed ? [...others, entry].slice(-MOST) : others;
    this.#last = null;
  }

  /**
   * Of the report's hotspots those that are suppressed, by `siteName`.
   * @param others the hotspots after the report's
   */
  namesIn(report: Report, others: HotspotTable | null = null): readonly string[] {
    if (this.#entries.length === 0) return [];
    // A report whose exact figures alone are newer has the same list.
    if (this.#last?.report.hotspots !== report.hotspots || this.#last.others !== others) {
      const all = others === null ? report.hotspots : [...report.hotspots, ...unpackHotspots(others)];
      const sites = new Set(this.#entries.map((entry) => (typeof entry === "string" ? entry : entry.site)));
      const suppressed = all.filter(
        (spot) => (sites.has(contentName(spot)) || sites.has(siteName(spot))) && this.#has(spot, report),
      );
      this.#last = { report, others, names: [...new Set(suppressed.map(siteName))] };
    }
    return this.#last.names;
  }

  #textAt({ file, line }: SiteRef, report: Report): string | null {
    return this.mayRead(file) ? this.#texts.hashAt(file, line, report) : null;
  }

  #has(spot: Hotspot, report: Report): boolean {
    return this.#entries.some((entry) => this.#is(entry, spot, report));
  }

  #is(entry: Entry, site: SiteRef, report: Report): boolean {
    if (typeof entry === "string") return entry === siteName(site);
    if (entry.site !== contentName(site)) return false;
    // Only now: files are not looked into for sites that are none of these.
    const text = this.#textAt(site, report);
    return entry.text === null || text === null ? entry.line === site.line : entry.text === text;
  }
}

function contentName({ category, kind, file, function: name, callee, basis }: SiteRef): string {
  return [category, kind, file, name, callee, basis ?? ""].join("|");
}

function entryOf(value: unknown): Entry | null {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return null;
  const { site, line, text } = value as Partial<Record<keyof SuppressedSite, unknown>>;
  if (typeof site !== "string" || typeof line !== "number") return null;
  return { site, line, text: typeof text === "string" ? text : null };
}
