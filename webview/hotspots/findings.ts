// Panel, hotspots: the findings that speak of a hotspot's line.

import type { Finding, Hotspot } from "../../src/protocol/report.ts";

export function findingsAt(hotspot: Hotspot, findings: readonly Finding[]): Finding[] {
  return findings
    .filter(
      ({ category, locations }) =>
        (category === null || category === hotspot.category) &&
        locations.some(({ file, line }) => file === hotspot.file && line === hotspot.line),
    )
    .sort((a, b) => b.score - a.score);
}
