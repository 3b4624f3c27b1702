// Report: a comparison for a terminal: what is not the same, how much, where. Regressions first.

import {
  CATEGORY_NAME,
  formatChange,
  formatCount,
  formatImpact,
  formatNumber,
  formatTime,
  isWaiting,
} from "../model/format.ts";
import {
  amounts,
  formatAmount,
  GROUPS,
  shownChanges,
  signed,
  verdictWords,
} from "../model/formatComparison.ts";
import { CATEGORIES } from "../protocol/categories.ts";
import type { Change, ComparedSession, Comparison, HotspotChange } from "../protocol/comparison.ts";
import type { Hotspot } from "../protocol/report.ts";
import { type Align, displayWidth, pad, printable, table, wrap } from "./columns.ts";
import { siteText } from "./hotspotLines.ts";
import { placeOf } from "./places.ts";
import { COLOURED, PLAIN, type Style } from "./style.ts";
import type { TextOptions } from "./text.ts";

const LEAST_WIDTH = 60;
const MOST_WIDTH = 160;
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
