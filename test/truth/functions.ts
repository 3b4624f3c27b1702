// Truth suite: objects on V8's heap, which are charged to functions: their amounts, and how their shares lie.

import type { Report } from "../../src/protocol/report.ts";
import { against, isAt, type LineResult, type Place } from "./lines.ts";
import type { FunctionOf, Truths } from "./truthComments.ts";

/** One result a function: its stated lines together. */
export function functionsResults(
  { report, functionOf, edge }: Place,
  results: readonly LineResult[],
): LineResult[] {
  const stated = new Map<string, number>();
  const firsts = new Map<string, LineResult>();
  for (const result of results) {
    const { figure, truth } = result;
    if (figure !== "heap" || truth.amount === null) continue;
    const key = `${truth.file} ${truth.function}`;
    add(stated, key, truth.amount);
    if (!firsts.has(key)) firsts.set(key, result);
  }
  return [...firsts].map(([key, first]) => {
    const amount = stated.get(key) ?? 0;
    const hotspots = report.hotspots.filter((hotspot) => isAt(hotspot, first.truth, functionOf));
    return { ...first, truth: { ...first.truth, amount }, ...against(amount, hotspots, edge) };
  });
}

/** Over functions; what the report charges to none of the stated ones is one more, stated as nothing. */
export function distanceOf(report: Report, truths: Truths, functionOf: FunctionOf): number | null {
  const stated = new Map<string, number>();
  for (const { category, file, function: name, amount } of truths.lines) {
    if (category === "allocations" && amount !== null) add(stated, `${file} ${name}`, amount);
  }
  if (stated.size === 0) return null;
  const measured = new Map<string, number>();
  for (const { category, file, line, amount } of report.hotspots) {
    if (category !== "allocations") continue;
    const key = `${file} ${functionOf(file, line)}`;
    add(measured, stated.has(key) ? key : "elsewhere", amount);
  }
  const [statedTotal, measuredTotal] = [total(stated), total(measured)];
  if (measuredTotal === 0) return 1;
  const keys = new Set([...stated.keys(), ...measured.keys()]);
  return (
    [...keys].reduce(
      (sum, key) =>
        sum + Math.abs((stated.get(key) ?? 0) / statedTotal - (measured.get(key) ?? 0) / measuredTotal),
      0,
    ) / 2
  );
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

function total(sums: ReadonlyMap<string, number>): number {
  return [...sums.values()].reduce((sum, amount) => sum + amount, 0);
}
