// Benchmark: what was measured, as a table (Markdown, to be read as it stands).

import type { Instance, Turn } from "./measure.ts";
import { leftOn } from "./spells.ts";
import { median, quantile } from "./statistics.ts";

export const COLUMNS = [
  "server",
  "load",
  "side",
  "us/req",
  "ratio",
  "quartiles",
  "more us",
  "says us",
  "collector us",
  "p99 ms",
  "RSS MB",
] as const;
export const LEGEND = `us/req: processor time of the server's process a request (idle: a second), median over turns. ratio: of a side's server to
the plain one of the same number and heap in the same turn, median and quartiles over all. more: the median of that
difference; says: what Darcy's own report gives as its cost. collector: processor time of what runs the server beside
it. p99: the client's, at half load from when a request was due. RSS: of the server's process, after its turns.
Windows without inlining (0.8 s, ever rarer up to once in five minutes) are mostly not in it.`;

/** @param base what it is compared with, in the order of its servers */
export function rowOf(
  names: readonly [server: string, load: string, side: string],
  instances: readonly Instance[],
  base: readonly Instance[],
): string[] {
  const pairs = instances.flatMap(({ turns }, instance) =>
    turns.flatMap((turn, at): [Turn, Turn][] => {
      const other = base[instance]?.turns[at];
      return other === undefined ? [] : [[turn, other]];
    }),
  );
  const turns = instances.flatMap((instance) => instance.turns);
  const ratios = pairs.map(([turn, other]) => turn.micros / other.micros);
  const own = instances.flatMap(({ said }) => said?.micros ?? []);
  return [
    ...names,
    figure(median(turns.map(({ micros }) => micros)), 1),
    figure(median(ratios), 3),
    ratios.some(Number.isFinite)
      ? `${figure(quantile(ratios, 0.25), 3)} - ${figure(quantile(ratios, 0.75), 3)}`
      : figure(Number.NaN, 3),
    figure(median(pairs.map(([turn, other]) => turn.micros - other.micros)), 1),
    figure(median(own), 1),
    figure(median(turns.map(({ collectorMicros }) => collectorMicros)), 1),
    figure(median(turns.map(({ p99Ms }) => p99Ms)), 2),
    figure(median(instances.map(({ rssMegabytes }) => rssMegabytes)), 0),
  ];
}

export function missingRow(names: readonly [string, string, string], reason: string): string[] {
  return [...names, `not run: ${reason}`, ...COLUMNS.slice(names.length + 1).map(() => "")];
}

/** Of each server that was left on. */
export function spellLines(names: readonly string[], instances: readonly Instance[]): string[] {
  return instances.flatMap(({ spells, said }) => {
    if (spells === null) return [];
    const { spell, rest, edges, seconds } = spells;
    const each = [`spells ${figure(spell, 1)}`, `rests ${figure(rest, 1)}`, `edges ${figure(edges, 1)}`];
    return [
      `${names.join(", ")}: us/req in ${each.map((text, at) => `${text} (${seconds[at]} s)`).join(", ")}; spells to rests ${figure(spell / rest, 3)}, left on to rests ${figure(leftOn(spells), 3)}; Darcy says of its spells ${figure(said?.ratio ?? Number.NaN, 3)}`,
    ];
  });
}

export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at < 3 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(COLUMNS), rule, ...rows.map(line)].join("\n");
}

function figure(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}
