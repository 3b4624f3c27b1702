// Editor: the hover over a marked line, as Markdown: figure and rate, share and certainty, what and who, advice,
// links. Pure; everything that comes from the server is escaped.

import { LINK_COMMANDS } from "../../contributions.ts";
import {
  CATEGORY_NAME,
  formatCertainty,
  formatCount,
  formatImpact,
  formatPerRequest,
  formatTime,
  isWaiting,
  kindWord,
  shareInText,
} from "../../model/format.ts";
import { keptWords, pauseWords } from "../../model/formatKept.ts";
import { lineWords } from "../../model/formatLine.ts";
import { scopeWords } from "../../model/formatScope.ts";
import { t } from "../../model/l10n.ts";
import type { Category } from "../../protocol/categories.ts";
import type { Finding, Hotspot, Location, Report } from "../../protocol/report.ts";
import { type LineNow, placeNow } from "./annotationText.ts";
import type { LineMark, LinePart } from "./lineMarks.ts";

const SETTLED_REQUESTS = 1_000;
const OPERATIONS_SHOWN = 4;

export interface HoverContext {
  readonly report: Report;
  /** `Last 60 s`. */
  readonly scopeLabel: string;
  /** Markdown of a category's glyph, may be empty. */
  readonly glyph: (category: Category) => string;
  /** Where the server ran. */
  readonly cwd: string;
  /** Where the file was recorded, if not where it is here. */
  readonly recorded: string | null;
  /** The line stands elsewhere than when it was measured, or its file was changed. */
  readonly moved: boolean;
  readonly lineNow: LineNow;
  /** The commit that was measured, where another one is checked out now. */
  readonly otherCommit: string | null;
}

export function hoverText(mark: LineMark, context: HoverContext): string {
  const parts = mark.parts.map((part) => partText(part, mark, context));
  const advice = findingsAt(mark, context.report).map(
    (finding) =>
      `$(lightbulb) **${plain(finding.title)}** ${plain(finding.evidence)} ${plain(finding.advice)}`,
  );
  const [first = "", ...others] = parts;
  // A hover is low: after all categories and advice the links would be below what is seen of it.
  return [first, linksText(mark, context), ...others, ...advice].join("\n\n---\n\n");
}

function partText(part: LinePart, mark: LineMark, context: HoverContext): string {
  const [first] = part.hotspots;
  if (first === undefined) return "";
  const { report } = context;
  const kindOfTime = isWaiting(part.category) ? t("waiting") : t("processor");
  const impact =
    part.impactMicros === null ? t("not priced") : formatImpact(part.impactMicros, first.relativeError);
  const glyph = context.glyph(part.category);
  const head = `${glyph === "" ? "" : `${glyph} `}**${t(CATEGORY_NAME[part.category])} &nbsp;${impact}** &nbsp;${t("{0} at {1} req/s", kindOfTime, formatCount(report.requests.perSecond))}`;
  const share = part.hotspots.reduce((total, hotspot) => total + hotspot.share, 0);
  const requests = report.requests.total;
  const settling = requests < SETTLED_REQUESTS ? `, ${t("settling")}` : "";
  const counted = requests === 1 ? t("1 request") : t("{0} requests", formatCount(requests));
  const basis = [
    shareInText(share, part.category),
    certainty(first),
    `${lowerFirst(scopeWords(context.scopeLabel))} (${counted}${settling})`,
  ].join(", ");
  return [head, basis, table(part, mark, context)].join("\n\n");
}

function certainty(hotspot: Hotspot): string {
  const words = formatCertainty(hotspot);
  return hotspot.confidence === "exact"
    ? words
    : hotspot.samples === 1
      ? t("{0} from 1 sample", words)
      : t("{0} from {1} samples", words, formatCount(hotspot.samples));
}

/** Hovers know no lists of definitions: a table without a head line is the nearest. */
function table(part: LinePart, mark: LineMark, context: HoverContext): string {
  const rows = part.hotspots.slice(0, OPERATIONS_SHOWN).flatMap((hotspot) => rowsOf(hotspot, mark, context));
  const more = part.hotspots.length - OPERATIONS_SHOWN;
  if (more > 0) rows.push(["", t("and {0} more", more)]);
  return ["| | |", "|:--|:--|", ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");
}

function rowsOf(hotspot: Hotspot, mark: LineMark, context: HoverContext): [string, string][] {
  const amount = t("{0} a request", formatPerRequest(hotspot));
  const { holder } = hotspot;
  const { lineNow } = context;
  if (hotspot.category !== "locks") {
    const words = lineWords(hotspot);
    const callee = hotspot.callee === "" && words !== "" ? "" : `${code(hotspot.callee)} &nbsp;`;
    return [
      [sentence(kindWord(hotspot.kind)), `${callee}${amount}`],
      ...(words === "" ? [] : [[t("Line"), words] as [string, string]]),
      ...named(t("Kept"), keptWords(hotspot)),
      ...named(t("Collections"), pauseWords(hotspot)),
    ];
  }
  const wait = hotspot.count > 0 ? `, ${t("{0} each", formatTime(hotspot.amount / hotspot.count))}` : "";
  return [
    [t("Waits in"), `${code(hotspot.callee)} &nbsp;${amount}${wait}`],
    [
      t("Held by"),
      holder === null
        ? "–"
        : `${code(holder.function)} ${link(placeNow(holder, mark.file, lineNow), LINK_COMMANDS.openLocation, placeOf(holder, mark, context))}`,
    ],
  ];
}

function named(name: string, words: string | null): [string, string][] {
  return words === null ? [] : [[name, words]];
}

function linksText(mark: LineMark, context: HoverContext): string {
  const { moved, recorded, otherCommit } = context;
  const here = { file: mark.file, line: mark.line };
  const links = [link(t("Show in panel"), LINK_COMMANDS.showInPanel, here)];
  const holder = mark.parts
    .flatMap((part) => part.hotspots)
    .find((hotspot) => hotspot.holder !== null)?.holder;
  if (holder) links.push(link(t("Open holder"), LINK_COMMANDS.openLocation, placeOf(holder, mark, context)));
  links.push(
    link(t("Explain"), LINK_COMMANDS.explain, here),
    link(t("Suppress here"), LINK_COMMANDS.suppressHere, here),
  );
  const text = links.join(" &nbsp;&nbsp; ");
  const notes = [
    recorded === null ? "" : t("Measured as {0}; this file stands for it here.", code(recorded)),
    otherCommit === null
      ? ""
      : t("Measured at {0}; another commit is checked out now.", code(otherCommit.slice(0, 7))),
    moved ? t("The file has changed since it was measured, at line {0}.", mark.line) : "",
  ].filter((note) => note !== "");
  return [...notes, text].join("\n\n");
}

function findingsAt(mark: LineMark, report: Report): Finding[] {
  return report.findings.filter((finding) =>
    finding.locations.some(({ file, line }) => file === mark.file && line === mark.line),
  );
}

function placeOf(
  { file, line, column }: Location,
  mark: LineMark,
  { lineNow, cwd }: HoverContext,
): Pick<Location, "file" | "line" | "column"> & { readonly cwd: string } {
  return { file, line: (file === mark.file ? lineNow(line) : null) ?? line, column, cwd };
}

function link(text: string, command: string, ...words: unknown[]): string {
  // A bracket in a path would end the link.
  const sealed = encodeURIComponent(JSON.stringify(words)).replace(/[()]/g, (sign) =>
    sign === "(" ? "%28" : "%29",
  );
  const query = words.length === 0 ? "" : `?${sealed}`;
  return `[${plain(text)}](command:${command}${query})`;
}

/** Names come from the measured program: none of them may become Markdown, HTML or an icon. */
function plain(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!|~<>&$]/g, (sign) =>
      sign === "&" ? "&amp;" : sign === "<" ? "&lt;" : `\\${sign}`,
    )
    .replace(/\s+/g, " ");
}

function code(text: string): string {
  const clean = text.replace(/[`|\r\n]/g, "'");
  return clean === "" ? "" : `\`${clean}\``;
}

function sentence(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
