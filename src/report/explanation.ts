// Report: everything that is known of one line, as a Markdown document: what it does, what it costs and how sure that is, who
// calls it, and what to do about it. By the measured figures alone.

import {
  CATEGORY_NAME,
  formatCertainty,
  formatCount,
  formatImpact,
  formatNumber,
  formatPerRequest,
  formatShare,
  isWaiting,
  kindWord,
  shareInText,
} from "../model/format.ts";
import { keptWords, pauseWords } from "../model/formatKept.ts";
import { lineWords } from "../model/formatLine.ts";
import { scopeWords } from "../model/formatScope.ts";
import { BASIS_MEANING, BASIS_NAME, formatHold, formatKeys, formatQueue } from "../model/formatWaits.ts";
import { t } from "../model/l10n.ts";
import type { Finding, Hotspot, Location, Report } from "../protocol/report.ts";
import { KIND_MEANING, PRICE_MEANING } from "./kindMeaning.ts";
import { code, plain, sections } from "./markdownText.ts";
import { placeOf } from "./places.ts";

const STACK_SHOWN = 12;

export interface ExplanationOptions {
  /** Files inside are shown relative to it. */
  readonly cwd: string;
  /** `Last 60 s`. */
  readonly scopeLabel: string;
}

/** @param hotspots of one line, the largest first; not empty */
export function explainLine(
  hotspots: readonly [Hotspot, ...Hotspot[]],
  report: Report,
  { cwd, scopeLabel }: ExplanationOptions,
): string {
  const [first] = hotspots;
  const { requests, topology, workers } = report;
  const peers = new Set(workers.filter(({ role }) => role === "peer").map(({ id }) => id)).size;
  const scope = t(
    "{0}: {1} requests at {2} req/s, {3} workers ({4}).",
    plain(scopeWords(scopeLabel)),
    formatCount(requests.total),
    formatNumber(requests.perSecond),
    formatCount(peers),
    topology,
  );
  return sections([
    [`# ${code(first.function)} ${code(placeOf(first, cwd))}`.trimEnd()],
    [scope],
    ...hotspots.flatMap((hotspot) => partsOf(hotspot, cwd)),
    [`## ${t("What to do")}`],
    ...adviceAt(first, report.findings),
    [`## ${t("Who calls it")}`],
    callers(first, cwd),
  ]);
}

function partsOf(hotspot: Hotspot, cwd: string): string[][] {
  const { category, kind, callee, relativeError } = hotspot;
  const time = isWaiting(category) ? t("waiting") : t("processor");
  const name = t(CATEGORY_NAME[category]);
  return [
    [`## ${name}: ${formatImpact(hotspot.impactMicrosPerRequest, relativeError)} ${time}`],
    [[callee === "" ? "" : `${code(callee)} (${kindWord(kind)}).`, t(KIND_MEANING[kind])].join(" ").trim()],
    factsOf(hotspot, cwd).map(([title, words]) => `- ${title}: ${words}`),
    [t(PRICE_MEANING[category])],
  ];
}

function factsOf(hotspot: Hotspot, cwd: string): [string, string][] {
  const { category, samples, confidence, holder, releaser, basis, routes } = hotspot;
  const sampled = confidence === "exact" ? "" : ` (${t("{0} samples", formatCount(samples))})`;
  const at = (location: Location | null) =>
    location === null ? null : `${code(location.function)} ${code(placeOf(location, cwd))}`;
  const keys = formatKeys(hotspot);
  const line = lineWords(hotspot);
  const facts: (readonly [string, string | null])[] = [
    [t("Per request"), formatPerRequest(hotspot)],
    [t("Share"), shareInText(hotspot.share, category)],
    [t("Certainty"), `${formatCertainty(hotspot)}${sampled}`],
    [t("Line"), line === "" ? null : line],
    [t("Kept"), keptWords(hotspot)],
    [t("Collections"), pauseWords(hotspot)],
    [t("Held by"), at(holder)],
    [t("Held for"), formatHold(hotspot)],
    [t("Let in by"), at(releaser)],
    [t("Key"), keys === null ? null : code(keys)],
    [t("Queue"), formatQueue(hotspot)],
    [t("Seen as"), basis === null ? null : `${t(BASIS_NAME[basis])}, ${t(BASIS_MEANING[basis])}`],
    [
      t("Routes"),
      routes.length === 0
        ? null
        : routes
            .map(({ method, route, share }) => `${code(`${method} ${route}`)} ${formatShare(share)}`)
            .join(", "),
    ],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

function adviceAt({ file, line }: Hotspot, findings: readonly Finding[]): string[][] {
  const here = findings.filter(({ locations }) =>
    locations.some((location) => location.file === file && location.line === line),
  );
  if (here.length === 0) return [[t("Nothing that was measured calls for a change here.")]];
  return here.map(({ title, evidence, advice }) => [
    `**${plain(title)}** ${plain(evidence)} ${plain(advice)}`,
  ]);
}

function callers({ stack }: Hotspot, cwd: string): string[] {
  if (stack.length === 0) return [t("No stack of it was seen.")];
  const rows = stack.slice(0, STACK_SHOWN).map((location, index) => {
    const place = code(placeOf(location, cwd));
    return `${index + 1}. ${code(location.function === "" ? "(anonymous)" : location.function)}${place === "" ? "" : ` ${place}`}`;
  });
  const more = stack.length - STACK_SHOWN;
  return [
    t("The heaviest stack, innermost first:"),
    "",
    ...rows,
    ...(more > 0 ? ["", t("and {0} more", more)] : []),
  ];
}
