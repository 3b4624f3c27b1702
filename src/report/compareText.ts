// Report: a comparison for a terminal: what is not the same, how much, where. Regressions first.

import {
  CATEGORY_NAME,
  formatBytes,
  formatChange,
  formatCount,
  formatImpact,
  formatNumber,
  formatPerRequest,
  formatTime,
  isWaiting,
  UNKNOWN,
} from "../model/format.ts";
import { CATEGORIES, type Category } from "../protocol/categories.ts";
import type { Change, ComparedSession, Comparison, HotspotChange, Verdict } from "../protocol/comparison.ts";
import type { Hotspot } from "../protocol/report.ts";
import { type Align, displayWidth, pad, printable, table, wrap } from "./columns.ts";
import { siteText } from "./hotspotLines.ts";
import { placeOf } from "./places.ts";
import { COLOURED, PLAIN, type Style } from "./style.ts";
import type { TextOptions } from "./text.ts";

/** Below this share of its category on both sides a site is folded away. */
const LEAST_SHARE = 0.02;
const MOST_SHOWN: Readonly<Record<Verdict, number>> = { more: 40, less: 12, unclear: 4 };
const LEAST_WIDTH = 60;
const MOST_WIDTH = 160;
export const GROUPS: readonly (readonly [Verdict, string])[] = [
  ["more", "More"],
  ["less", "Less"],
  ["unclear", "No clear change"],
];

interface Context {
  readonly width: number;
  readonly style: Style;
  readonly cwd: string;
  readonly top: number | undefined;
}

export function formatComparison(comparison: Comparison, options: TextOptions = {}): string {
  const context: Context = {
    width: Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, options.width ?? 100)),
    style: options.color === true ? COLOURED : PLAIN,
    cwd: options.cwd ?? process.cwd(),
    top: options.top,
  };
  const sections = [
    headLines(comparison, context),
    wholeLines(comparison, context),
    categoryLines(comparison, context),
    findingLines(comparison, context),
    hotspotLines(comparison, context),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

export function sessionWords({
  command,
  requests,
  perSecond,
  workers,
  topology,
  node,
}: ComparedSession): string {
  const load = `${formatCount(requests)} requests at ${formatNumber(perSecond)} req/s`;
  return `${printable(command.join(" "))}: ${load}, ${formatCount(workers)} ${workers === 1 ? "worker" : "workers"} (${topology}), Node ${node.replace(/^v/, "")}`;
}

function headLines({ before, after, differences }: Comparison, { width, style }: Context): string[] {
  const side = (name: string, session: ComparedSession) =>
    wrap(sessionWords(session), width - 8).map((line, at) =>
      `${pad(at === 0 ? style.strong(name) : "", 8)}${line}`.trimEnd(),
    );
  return [
    ...side("Before", before),
    ...side("Now", after),
    ...differences.flatMap((text) => wrap(printable(text), width)),
  ];
}

export function verdictWords({ verdict, before, after }: Change): string {
  if (before === null || after === null) return UNKNOWN;
  return verdict === "unclear" ? "no clear change" : "clear";
}

function changeRow(name: string, change: Change, format: (value: number | null) => string): string[] {
  const { before, after, ratio } = change;
  return [name, format(before), format(after), formatChange(ratio), verdictWords(change)];
}

const CHANGE_COLUMNS: readonly { readonly title: string; readonly align: Align }[] = [
  { title: "before", align: "right" },
  { title: "now", align: "right" },
  { title: "change", align: "right" },
  { title: "", align: "left" },
];

function wholeLines({ requests, processorMicros }: Comparison, { style }: Context): string[] {
  return table(
    [{ title: "Request", align: "left" }, ...CHANGE_COLUMNS],
    [
      changeRow("processor time", processorMicros, formatImpact),
      changeRow("latency, mean", requests.meanMicros, formatTime),
      changeRow("latency, p50", requests.p50Micros, formatTime),
      // Only its figures: what of it is chance is not known.
      changeRow("latency, p99", requests.p99Micros, formatTime).with(4, ""),
    ],
    style.muted,
  );
}

export function formatAmount(category: Category, value: number | null): string {
  return category === "copies" || category === "allocations" ? formatBytes(value) : formatNumber(value);
}

function categoryLines({ totals }: Comparison, { style }: Context): string[] {
  const rows = CATEGORIES.map((category) => {
    const { impactMicros, perRequest, events } = totals[category];
    // Of locks the amount is the time, which the impact shows: here it is how often.
    const amount = category === "locks" ? events : perRequest;
    const format = (value: number | null) =>
      category === "locks" ? formatNumber(value) : formatAmount(category, value);
    return [
      `${style.category(category, isWaiting(category) ? "▒" : "█")} ${CATEGORY_NAME[category]}`,
      formatNumber(impactMicros.before),
      style.strong(formatNumber(impactMicros.after)),
      formatChange(impactMicros.ratio),
      format(amount.before),
      format(amount.after),
      formatChange(amount.ratio),
      verdictWords(perRequest),
    ];
  });
  return table(
    [
      { title: "Category", align: "left" },
      { title: "µs/req before", align: "right" },
      { title: "now", align: "right" },
      { title: "change", align: "right" },
      { title: "a request before", align: "right" },
      { title: "now", align: "right" },
      { title: "change", align: "right" },
      { title: "", align: "left" },
    ],
    rows,
    style.muted,
  );
}

function findingLines({ findings }: Comparison, { width, style, cwd }: Context): string[] {
  return findings.flatMap(({ title, evidence, advice, locations }) => {
    const places = locations.map((location) => placeOf(location, cwd)).join(", ");
    const head = places === "" ? title : `${title} (${places})`;
    return [
      ...wrap(printable(head), width - 2).map((line, at) =>
        at === 0 ? `! ${style.strong(line)}` : `  ${line}`,
      ),
      ...wrap(printable(evidence), width - 2).map((line) => style.muted(`  ${line}`)),
      ...wrap(printable(advice), width - 2).map((line) => `  ${line}`),
    ];
  });
}

/** What is worth a row, and how many are folded away. */
export function shownChanges(
  { hotspots }: Comparison,
  verdict: Verdict,
  top: number | undefined,
): { readonly shown: readonly HotspotChange[]; readonly folded: number } {
  const all = hotspots.filter((change) => change.verdict === verdict);
  const notable = all.filter(
    ({ before, after }) => Math.max(before?.share ?? 0, after?.share ?? 0) >= LEAST_SHARE,
  );
  const shown = notable.slice(0, top ?? MOST_SHOWN[verdict]);
  return { shown, folded: all.length - shown.length };
}

/** Below it a hotspot takes two lines. */
const NARROW = 116;

function hotspotLines(comparison: Comparison, context: Context): string[] {
  const { style, top } = context;
  const lines: string[] = [];
  for (const [verdict, name] of GROUPS) {
    const { shown, folded } = shownChanges(comparison, verdict, top);
    if (shown.length + folded === 0) continue;
    if (lines.length > 0) lines.push("");
    const what = verdict === "unclear" ? "µs/req now" : "change of µs/req";
    lines.push(`${style.strong(name)}  ${style.muted(what)}`, ...changeLines(shown, context));
    if (folded > 0) lines.push(style.muted(`${formatCount(folded)} more`));
  }
  return lines;
}

function changeLines(changes: readonly HotspotChange[], { style, width, cwd }: Context): string[] {
  const narrow = width < NARROW;
  const rows = changes.map((change) => {
    const { kind } = (change.after ?? change.before) as Hotspot;
    const mark = style.category(change.category, isWaiting(change.category) ? "▒" : "█");
    return [mark, style.strong(signed(change)), kind, amounts(change)];
  });
  const widths = [0, 1, 2, 3].map((at) => Math.max(0, ...rows.map((row) => displayWidth(row[at] ?? ""))));
  const indent = (widths[0] ?? 0) + (widths[1] ?? 0) + 4;
  const room = narrow
    ? width - indent
    : Math.max(24, width - widths.reduce((sum, each) => sum + each + 2, 0));
  return rows.flatMap((row, at) => {
    const change = changes[at] as HotspotChange;
    const left = row.map((cell, column) => pad(cell, widths[column] ?? 0, column === 1 ? "right" : "left"));
    const site = siteText((change.after ?? change.before) as Hotspot, room, { cwd, style });
    return narrow
      ? [left.join("  ").trimEnd(), `${" ".repeat(indent)}${site}`]
      : [`${left.join("  ")}  ${site}`];
  });
}

/** `+12.0`, `−3.1`; of what has no clear change what it costs now. */
export function signed({ impactMicros, verdict }: HotspotChange): string {
  const { difference, after } = impactMicros;
  if (verdict === "unclear") return formatNumber(after);
  if (difference === null) return UNKNOWN;
  return difference > 0 ? `+${formatNumber(difference)}` : formatNumber(difference);
}

/** `12.0 KB → 24.1 KB (+100 %)`, `new: 24.1 KB`, `gone: 12.0 KB`; of lock waits their time, which is what the change is of. */
export function amounts({ before, after, category, perRequest }: HotspotChange): string {
  const format = (spot: Hotspot) =>
    category === "locks" ? formatTime(spot.perRequest) : formatPerRequest(spot);
  if (before === null) return after === null ? UNKNOWN : `new: ${format(after)}`;
  if (after === null) return `gone: ${format(before)}`;
  return `${format(before)} → ${format(after)} (${formatChange(perRequest.ratio)})`;
}
