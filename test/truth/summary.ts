// Truth suite: all cases together, held against the reach.

import type { Category } from "../../src/protocol/categories.ts";
import type { Comparison } from "./compare.ts";
import { type LineResult, short } from "./lines.ts";
import {
  atMost,
  COVERAGE,
  type Figure,
  LARGEST_DISTANCE,
  OBJECTS_TOLERANCE,
  RIGHT_HOLDERS,
  TOLERANCE,
  tooFewInside,
} from "./reach.ts";

export interface CaseResult {
  readonly name: string;
  readonly major: number;
  readonly requests: number;
  readonly comparison: Comparison;
  /** The share of each category that the report explains. */
  readonly explained: Readonly<Partial<Record<Category, number | null>>>;
}

export interface Summary {
  readonly lines: readonly string[];
  /** In plain words; empty when the suite as a whole is within reach. */
  readonly complaints: readonly string[];
}

const FIGURES: readonly Figure[] = ["copies", "switches", "off-heap", "locks"];

export function describeCase({ comparison, requests, explained }: CaseResult): string {
  const { lines, functions, distance, allocating, falseHotspots, held, wrongHolders } = comparison;
  const stated = [...lines, ...functions];
  const errors = lines.flatMap(({ error }) => (error === null ? [] : [Math.abs(error)]));
  const { inside, shown } = insideOf(stated);
  return [
    `found ${stated.filter(({ found }) => found).length} of ${stated.length}`,
    ...(errors.length === 0 ? [] : [`largest error ${percent(Math.max(...errors))}`]),
    ...(distance === null ? [] : [`distance ${distance.toFixed(3)}`]),
    ...(allocating.distances.size === 0 || allocating.named === null
      ? []
      : [
          `objects with a line ${percent(allocating.named)}, largest distance ${Math.max(...allocating.distances.values()).toFixed(3)}`,
        ]),
    `false hotspots ${falseHotspots.length}`,
    `wrong holders ${wrongHolders.length}${held.judged > 0 ? ` (right for ${percent(held.right / held.judged)} of waiting)` : ""}`,
    `inside the interval shown ${inside} of ${shown}`,
    `${requests} requests`,
    ...explainedText(explained),
  ].join(", ");
}

/** Objects by function, and of the other figures those that are out of the interval shown. */
export function describeLines({ lines, functions }: Comparison): string[] {
  const shown = ({ error, halfWidth }: LineResult) =>
    `${percent(error ?? Number.NaN)} (shown ± ${percent(halfWidth ?? Number.NaN)})`;
  const objects = functions.map((line) => `${line.truth.function} ${shown(line)}`);
  return [
    ...(objects.length === 0 ? [] : [`objects by function: ${objects.join(", ")}`]),
    ...lines
      .filter(({ inside }) => inside === false)
      .map(
        (line) =>
          `out of its interval: ${line.truth.category} at ${short(line.truth.file)}:${line.truth.line} ${shown(line)}`,
      ),
  ];
}

export function summarise(cases: readonly CaseResult[]): Summary {
  const lines = cases.flatMap(({ comparison }) => comparison.lines);
  const functions = cases.flatMap(({ comparison }) => comparison.functions);
  const stated = [...lines, ...functions];
  const majors = [...new Set(cases.map(({ major }) => major))];
  const distances = cases.flatMap(({ comparison: { distance } }) => (distance === null ? [] : [distance]));
  const held = cases.map(({ comparison }) => comparison.held);
  const { inside, shown } = insideOf(stated);
  const falseHotspots = cases.reduce((sum, { comparison }) => sum + comparison.falseHotspots.length, 0);
  const rows = [
    ["", "reach", "reached by", "median", "largest"],
    ...FIGURES.map((figure) => rowOf(figure, lines)),
    rowOf("heap", functions),
    nearRow("objects of a recording in all", objectsErrors(cases), OBJECTS_TOLERANCE, "recordings"),
    [
      "allocations by function",
      `distance <= ${LARGEST_DISTANCE}`,
      `${distances.filter((distance) => distance <= LARGEST_DISTANCE).length} of ${distances.length} recordings`,
      ...(distances.length === 0
        ? ["", ""]
        : [middle(distances).toFixed(3), Math.max(...distances).toFixed(3)]),
    ],
    ["lines and functions found", "all", `${stated.filter(({ found }) => found).length} of ${stated.length}`],
    ["right holder", `${percent(RIGHT_HOLDERS)} of waiting`, shareOf(held)],
    ["false hotspots", "none", String(falseHotspots)],
    ...[...FIGURES, "heap" as const].map((figure) => {
      const of = insideOf(stated.filter((line) => line.figure === figure));
      return [`inside the interval: ${figure}`, "", `${of.inside} of ${of.shown}`];
    }),
    ["inside the interval: all", percent(COVERAGE), `${inside} of ${shown} (${percent(inside / shown)})`],
  ];
  const names = new Set(cases.map(({ name }) => name));
  return {
    lines: [`${names.size} cases, ${cases.length} recordings on Node ${majors.join(", ")}`, ...aligned(rows)],
    complaints: tooFewInside(inside, shown)
      ? [
          `only ${inside} of ${shown} intervals hold the truth: as few come about in ${atMost(inside, shown, COVERAGE).toExponential(0)} of cases`,
        ]
      : [],
  };
}

function explainedText(explained: CaseResult["explained"]): string[] {
  const parts = Object.entries(explained).flatMap(([category, share]) =>
    typeof share === "number" ? [`${category} ${percent(share)}`] : [],
  );
  return parts.length === 0 ? [] : [`explained ${parts.join(" ")}`];
}

/** Of the objects of all stated functions of a recording: what their split does not touch. */
function objectsErrors(cases: readonly CaseResult[]): number[] {
  return cases.flatMap(({ comparison: { functions } }) => {
    const stated = functions.reduce((sum, { truth }) => sum + (truth.amount ?? 0), 0);
    const measured = functions.reduce((sum, line) => sum + line.measured, 0);
    return stated > 0 ? [Math.abs(measured / stated - 1)] : [];
  });
}

/** Beside those within the tolerance: with those that are estimates and within the interval shown. */
function rowOf(figure: Figure, lines: readonly LineResult[]): string[] {
  const known = lines.filter((line) => line.figure === figure && line.error !== null);
  const errors = known.map(({ error }) => Math.abs(error ?? 0));
  const [name, reach, near, ...rest] = nearRow(
    `amounts: ${figure}`,
    errors,
    TOLERANCE[figure],
    figure === "heap" ? "functions" : "lines",
  );
  const honest = known.filter(({ error, inside }) => inside || Math.abs(error ?? 0) <= TOLERANCE[figure]);
  return [name, reach, `${near}, ${honest.length} with their interval`, ...rest];
}

function nearRow(
  name: string,
  errors: readonly number[],
  tolerance: number,
  what: string,
): [name: string, reach: string, near: string, median: string, largest: string] {
  const near = errors.filter((error) => error <= tolerance).length;
  return [
    name,
    `within ${percent(tolerance)}`,
    `${near} of ${errors.length} ${what}`,
    errors.length === 0 ? "" : percent(middle(errors)),
    errors.length === 0 ? "" : percent(Math.max(...errors)),
  ];
}

function insideOf(results: readonly LineResult[]): { inside: number; shown: number } {
  const shown = results.filter(({ inside }) => inside !== null);
  return { inside: shown.filter(({ inside }) => inside).length, shown: shown.length };
}

function shareOf(held: readonly { judged: number; right: number }[]): string {
  const judged = held.reduce((sum, part) => sum + part.judged, 0);
  return judged === 0 ? "" : percent(held.reduce((sum, part) => sum + part.right, 0) / judged);
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function percent(value: number): string {
  return Number.isNaN(value) ? "–" : `${(value * 100).toFixed(1)} %`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
