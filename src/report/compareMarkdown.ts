// Report: a comparison as Markdown, for a pull request.

import {
  CATEGORY_NAME,
  formatChange,
  formatCount,
  formatImpact,
  formatNumber,
  formatTime,
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
import type { Change, Comparison } from "../protocol/comparison.ts";
import type { Hotspot } from "../protocol/report.ts";
import { sessionWords } from "./compareText.ts";
import type { MarkdownOptions } from "./markdown.ts";
import { code, markdownTable, plain, sections } from "./markdownText.ts";
import { placeOf } from "./places.ts";

export function formatComparisonMarkdown(
  comparison: Comparison,
  { top, cwd = process.cwd() }: MarkdownOptions = {},
): string {
  const { before, after, differences, findings } = comparison;
  return sections([
    [`- Before: ${plain(sessionWords(before))}`, `- Now: ${plain(sessionWords(after))}`],
    differences.map((text) => `- ${plain(text)}`),
    totals(comparison),
    findings.flatMap(({ title, evidence, advice }) => [
      `> **${plain(title)}** ${plain(evidence)} ${plain(advice)}`,
      "",
    ]),
    ...GROUPS.map(([verdict, name]) => {
      const { shown, folded } = shownChanges(comparison, verdict, top);
      if (shown.length + folded === 0) return [];
      const rows = shown.map((change) => {
        const spot = (change.after ?? change.before) as Hotspot;
        const callee = spot.callee === "" ? "" : ` → ${code(spot.callee)}`;
        return [
          signed(change),
          spot.kind,
          plain(amounts(change)),
          `${code(spot.function)} ${code(placeOf(spot, cwd))}${callee}`,
        ];
      });
      const columns = [
        { title: "µs/req", right: true },
        { title: "Kind" },
        { title: "Per request" },
        { title: "Call site" },
      ];
      return [
        `## ${name}`,
        "",
        ...(rows.length === 0 ? [] : markdownTable(columns, rows)),
        ...(folded > 0 ? [...(rows.length === 0 ? [] : [""]), `${formatCount(folded)} more.`] : []),
      ];
    }),
  ]);
}

function totals({ totals: by, requests, processorMicros }: Comparison): string[] {
  const row = (name: string, change: Change, format: (value: number | null) => string) => [
    name,
    format(change.before),
    format(change.after),
    formatChange(change.ratio),
    verdictWords(change),
  ];
  return markdownTable(
    [
      { title: "A request" },
      { title: "before", right: true },
      { title: "now", right: true },
      { title: "change", right: true },
      { title: "" },
    ],
    [
      row("Processor time", processorMicros, formatImpact),
      row("Latency, mean", requests.meanMicros, formatTime),
      ...CATEGORIES.flatMap((category) => {
        const { impactMicros, perRequest, events } = by[category];
        const impact = row(`${CATEGORY_NAME[category]}, impact`, impactMicros, formatImpact);
        return category === "locks"
          ? [impact, row(`${CATEGORY_NAME[category]}, how many`, events, formatNumber)]
          : [impact, row(CATEGORY_NAME[category], perRequest, (value) => formatAmount(category, value))];
      }),
    ],
  );
}
