// Panel, hotspots: one hotspot as Markdown, to paste into an issue. Names stand in code spans, so that nothing in
// them becomes markup. In English, as reports are: whoever reads it may have another language.

import {
  CATEGORY_NAME,
  formatNumber,
  formatPerRequest,
  isWaiting,
  shareInText,
} from "../../src/model/format.ts";
import { keptWords, pauseWords } from "../../src/model/formatKept.ts";
import { lineWords } from "../../src/model/formatLine.ts";
import { BASIS_MEANING, formatHold, formatKeys, formatQueue } from "../../src/model/formatWaits.ts";
import type { HotspotGroup } from "../../src/model/groups.ts";
import { inEnglish } from "../../src/model/l10n.ts";
import type { Hotspot, Location, Report } from "../../src/protocol/report.ts";
import { impact } from "../figures.ts";
import { functionName, place } from "../words.ts";
import { certaintyOf } from "./certainty.ts";
import { findingsAt } from "./findings.ts";
import { groupWords } from "./rowWords.ts";

/** Of a group. */
const MOST_MEMBERS = 10;

export function markdownOf(hotspot: Hotspot, report: Report, scope: string): string {
  return inEnglish(() => siteMarkdown(hotspot, report, scope));
}

function siteMarkdown(hotspot: Hotspot, report: Report, scope: string): string {
  const { category, callee, holder, releaser, basis, stack, relativeError } = hotspot;
  const label = CATEGORY_NAME[category].toLowerCase();
  const { text, detail } = certaintyOf(hotspot);
  const lines = [
    `**${impact(hotspot.impactMicrosPerRequest, relativeError)} µs/req ${isWaiting(category) ? "waiting" : "processor"}**, ${label} (${hotspot.kind}): ${site(hotspot)}${callee === "" ? "" : ` → ${code(callee)}`}`,
    "",
    `- ${formatPerRequest(hotspot)} a request at ${formatNumber(report.requests.perSecond)} req/s; ${shareInText(hotspot.share, category)}`,
    `- ${text} (${detail})${scope === "" ? "" : `; ${scope}`}`,
  ];
  const line = lineWords(hotspot);
  if (line !== "") lines.push(`- ${line}`);
  const [kept, pauses] = [keptWords(hotspot), pauseWords(hotspot)];
  if (kept !== null) lines.push(`- ${kept}`);
  if (pauses !== null) lines.push(`- Collections ${pauses}`);
  if (holder !== null) lines.push(`- Held by ${site(holder)}`);
  if (releaser !== null) lines.push(`- Let in by ${site(releaser)}`);
  const [keys, queue, hold] = [formatKeys(hotspot), formatQueue(hotspot), formatHold(hotspot)];
  if (keys !== null) lines.push(`- Key ${code(keys)}`);
  if (hold !== null) lines.push(`- Held for ${hold}`);
  if (queue !== null) lines.push(`- Queue: ${queue}`);
  if (basis !== null) lines.push(`- Waits seen as ${basis} (${BASIS_MEANING[basis]})`);
  if (stack.length > 1) lines.push(`- Called from ${stack.slice(1).map(site).join(", ")}`);
  for (const { title, evidence, advice } of findingsAt(hotspot, report))
    lines.push(`- ${[title, evidence, advice].join(" ")}`);
  return `${lines.join("\n")}\n`;
}

/** A group's sum, and its lines with the most. */
export function groupMarkdownOf(group: HotspotGroup, report: Report, scope: string): string {
  return inEnglish(() => sumMarkdown(group, report, scope));
}

function sumMarkdown(group: HotspotGroup, report: Report, scope: string): string {
  const { sum, members } = group;
  const { category, relativeError } = sum;
  const label = CATEGORY_NAME[category].toLowerCase();
  const { name, place: where } = groupWords(group);
  const { text, detail } = certaintyOf(sum);
  const shown = members.slice(0, MOST_MEMBERS);
  const lines = [
    `**${impact(sum.impactMicrosPerRequest, relativeError)} µs/req ${isWaiting(category) ? "waiting" : "processor"}**, ${label}: ${code(name)}${where === null || where === "" ? "" : ` ${code(where)}`}`,
    "",
    `- ${formatPerRequest(sum)} a request at ${formatNumber(report.requests.perSecond)} req/s; ${shareInText(sum.share, sum.category)}`,
    `- ${text} (${detail})${scope === "" ? "" : `; ${scope}`}`,
    ...shown.map(
      (member) =>
        `- ${impact(member.impactMicrosPerRequest, member.relativeError)} µs/req ${member.kind}: ${site(member)}${member.callee === "" ? "" : ` → ${code(member.callee)}`}`,
    ),
  ];
  if (members.length > shown.length) lines.push(`- ${members.length - shown.length} more`);
  return `${lines.join("\n")}\n`;
}

function site(location: Location): string {
  const where = place(location);
  const name = code(functionName(location.function));
  return where === "" ? name : `${name} ${code(where)}`;
}

function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${fence}${pad}${text.replace(/\s+/g, " ")}${pad}${fence}`;
}
