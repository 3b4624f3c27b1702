// Model: a report's findings, which are in English, in the user's words.

import type { Finding, Hotspot, Report } from "../../protocol/report.ts";
import { findingsOf } from "./findings.ts";

/**
 * As many as the report's, in their order. One that can't be found anew, as its hotspot is packed without what it rests on, stays
 * in English.
 * @param others hotspots after the report's
 */
export function translated(report: Report, others: readonly Hotspot[]): Finding[] {
  const anew = byName(findingsOf({ ...report, hotspots: [...report.hotspots, ...others], findings: [] }));
  const told = byName(report.findings);
  return report.findings.map((finding) => {
    const name = nameOf(finding);
    const [before = [], now = []] = [told.get(name), anew.get(name)];
    return (before.length === now.length ? now[before.indexOf(finding)] : undefined) ?? finding;
  });
}

/** Of one name there may be several: two waits at one line. */
function byName(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = nameOf(finding);
    const same = found.get(name);
    if (same === undefined) found.set(name, [finding]);
    else same.push(finding);
  }
  return found;
}

function nameOf({ id, category, locations }: Finding): string {
  return JSON.stringify([id, category, ...locations.map(({ file, line, column }) => [file, line, column])]);
}
