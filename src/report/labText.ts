// Report: the topology lab in a terminal: a column a topology, a row a figure, medians with their quartiles.

import { formatCount } from "../model/format.ts";
import { LAB_FIGURES, type Lab, type LabRow, type Quartiles } from "../model/lab.ts";
import { pad } from "./columns.ts";

const GAP = "  ";

export const LAB_NOTE = [
  "Not clear: the quartiles overlap, a figure is missing, or there are fewer than three rounds. Latency is of the most",
  "asked route. What is compared holds for this load on this machine, its load generator included.",
];

export function labTitle({ rounds, workers }: Lab): string {
  return `Topologies of ${formatCount(workers)} ${workers === 1 ? "worker" : "workers"}, ${formatCount(rounds)} ${rounds === 1 ? "round" : "rounds"} in turn: median (lower to upper quartile)`;
}

export function formatLab(lab: Lab): string {
  const { rows, clear } = lab;
  const titles = LAB_FIGURES.map(({ title }) => title);
  const first = ["", ...titles];
  const columns = rows.map((row) => [labName(row), ...LAB_FIGURES.map(({ id }) => labCell(row.figures[id]))]);
  const last = ["clearly best", ...LAB_FIGURES.map(({ id }) => clear[id] ?? "not clear")];
  const widths = [first, ...columns, last].map((column) => Math.max(...column.map((text) => text.length)));
  const lines = first.map((title, at) =>
    [
      pad(title, widths[0] ?? 0),
      ...columns.map((column, place) => pad(column[at] ?? "", widths[place + 1] ?? 0, "right")),
      last[at] ?? "",
    ]
      .join(GAP)
      .trimEnd(),
  );
  return [labTitle(lab), "", ...lines, "", ...LAB_NOTE, ""].join("\n");
}

export function labName({ asked, topology }: LabRow): string {
  return asked === topology ? asked : `${asked} (${topology})`;
}

export function labCell(quartiles: Quartiles | null): string {
  if (quartiles === null) return "–";
  const { lower, median, upper } = quartiles;
  return `${figure(median)} (${figure(lower)} to ${figure(upper)})`;
}

/** Three digits that count. */
function figure(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
}
