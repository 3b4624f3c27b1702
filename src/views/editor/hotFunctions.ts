// Editor: which functions have a line above them, where it stands now and what it says. Pure. A function keeps its line while its
// recording is on show, whatever the ranking says meanwhile: the code below must not jump.

import { t } from "../../model/l10n.ts";
import type { Hotspot } from "../../protocol/report.ts";
import type { FunctionRange } from "./functionRanges.ts";
import { lensText, lensTooltip } from "./lensText.ts";
import type { LineTracker, TrackedLine } from "./lineTracker.ts";

/** What is measured of a document, and where its lines stand now. */
export interface MeasuredLines {
  /** Measured lines that are marked, from 1. */
  readonly marked: readonly number[];
  readonly hotspots: readonly Hotspot[];
  /** `Last 60 s`. */
  readonly scopeLabel: string;
  /** Requests. */
  readonly perSecond: number;
  readonly changedBefore: boolean;
  /** @param measured from 1 */
  now(measured: number): TrackedLine | null;
}

export interface HotFunction {
  /** From 0, now. */
  readonly line: number;
  readonly title: string;
  readonly tooltip: string;
  /** The dearest of its hotspots; null: none is among the figures now. */
  readonly dearest: Hotspot | null;
}

/** A document's functions, followed from the text that they were found in. */
export class HotFunctions {
  /** By measured line, from when it was first seen: once the line is edited, nothing tells any more. */
  readonly #around = new Map<number, FunctionRange | null>();
  readonly #shown = new Set<FunctionRange>();

  /** @param lines follows the text that `ranges` are of */
  constructor(
    private readonly ranges: readonly FunctionRange[],
    private readonly lines: LineTracker,
  ) {}

  show(measured: MeasuredLines): HotFunction[] {
    const found = new Map<FunctionRange, Hotspot[]>();
    const gone = new Set<FunctionRange>();
    const edited = new Set<FunctionRange>();
    const lineBefore = this.#linesBefore();
    for (const hotspot of measured.hotspots) {
      const now = measured.now(hotspot.line);
      const before = now === null ? undefined : lineBefore.get(now.line);
      if (before !== undefined && !this.#around.has(hotspot.line))
        this.#around.set(hotspot.line, innermost(this.ranges, before));
      const range = this.#around.get(hotspot.line) ?? null;
      if (range === null) continue;
      const head = this.lines.find(range.line);
      if (now === null || before === undefined || head === null) gone.add(range);
      else if (measured.changedBefore || now.line - head.line !== before - range.line) edited.add(range);
      found.set(range, [...(found.get(range) ?? []), hotspot]);
    }
    for (const line of measured.marked) {
      const range = this.#around.get(line) ?? null;
      if (range !== null) this.#shown.add(range);
    }
    return [...this.#shown]
      .sort((a, b) => a.line - b.line)
      .flatMap((range) => {
        const head = this.lines.find(range.line);
        if (head === null || gone.has(range)) return [];
        const hotspots = found.get(range) ?? [];
        return {
          line: head.line,
          title:
            lensText(hotspots, measured.perSecond, edited.has(range)) ??
            (hotspots.length > 0 ? t("not priced") : t("not among the figures now")),
          tooltip: lensTooltip(hotspots, measured.perSecond, measured.scopeLabel),
          dearest: dearestOf(hotspots),
        };
      });
  }

  /** By the line now. */
  #linesBefore(): Map<number, number> {
    const before = new Map<number, number>();
    for (let line = 0; line < this.lines.text.length; line++) {
      const now = this.lines.find(line);
      if (now !== null) before.set(now.line, line);
    }
    return before;
  }
}

function dearestOf(hotspots: readonly Hotspot[]): Hotspot | null {
  const price = (spot: Hotspot | null) => spot?.impactMicrosPerRequest ?? -1;
  return hotspots.reduce<Hotspot | null>(
    (most, spot) => (most === null || price(spot) > price(most) ? spot : most),
    null,
  );
}

/** Sorted as they are: a later one that holds the line is within an earlier one. */
function innermost(ranges: readonly FunctionRange[], line: number): FunctionRange | null {
  let found: FunctionRange | null = null;
  for (const range of ranges) if (range.line <= line && line <= range.lastLine) found = range;
  return found;
}
