// Panel, hotspots: the findings that speak of a hotspot's line, or, where several sites share the line, of its own place in it.

import type { Finding, Hotspot, Location, Report } from "../../src/protocol/report.ts";

export function findingsAt(
  hotspot: Hotspot,
  { hotspots, findings }: Pick<Report, "hotspots" | "findings">,
): Finding[] {
  const onLine = hotspots.filter((other) => sameLine(other, hotspot));
  return findings
    .filter(({ category, locations }) => {
      const speaksOf = (each: Hotspot) => category === null || category === each.category;
      if (!speaksOf(hotspot)) return false;
      const anothers = (column: number) =>
        column !== hotspot.column && onLine.some((other) => speaksOf(other) && other.column === column);
      return locations.some((location) => sameLine(location, hotspot) && !anothers(location.column));
    })
    .sort((a, b) => b.score - a.score);
}

function sameLine(a: Pick<Location, "file" | "line">, b: Pick<Location, "file" | "line">): boolean {
  return a.file === b.file && a.line === b.line;
}
