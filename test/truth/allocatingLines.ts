// Truth suite: lines of objects on V8's heap, where the report names some: how far they are from the stated ones, and for how
// much of what is stated a line is named.

import type { LineResult, Place } from "./lines.ts";

export interface AllocatingLines {
  /** Part of the stated functions' heap bytes that is shown on a line; null without any. */
  readonly named: number | null;
  /** Total-variation distance by function, of those that have lines: 0 perfect, 1 all wrong. */
  readonly distances: ReadonlyMap<string, number>;
}

type Amounts = Map<number, number>;

/** @param results of the stated lines */
export function allocatingLines(
  { report, functionOf }: Place,
  results: readonly LineResult[],
): AllocatingLines {
  const functions = new Map<string, { readonly stated: Amounts; readonly found: Amounts }>();
  for (const { figure, truth } of results) {
    const { file, line, function: name, amount } = truth;
    if (figure !== "heap" || amount === null) continue;
    const key = `${file} ${name}`;
    const known = functions.get(key) ?? { stated: new Map(), found: new Map() };
    functions.set(key, known);
    add(known.stated, line, amount);
  }
  let [all, named] = [0, 0];
  for (const { kind, file, line, amount, lineBasis = "function" } of report.hotspots) {
    const known = functions.get(`${file} ${functionOf(file, line)}`);
    if (kind !== "objects" || known === undefined) continue;
    all += amount;
    if (lineBasis === "function") continue;
    named += amount;
    add(known.found, line, amount);
  }
  const judged = [...functions].filter(([, { found }]) => found.size > 0);
  return {
    named: all === 0 ? null : named / all,
    distances: new Map(judged.map(([key, { stated, found }]) => [shortName(key), distance(stated, found)])),
  };
}

function distance(stated: Amounts, found: Amounts): number {
  const [a, b] = [total(stated), total(found)];
  const lines = [...new Set([...stated.keys(), ...found.keys()])];
  return (
    lines.reduce((sum, line) => sum + Math.abs((stated.get(line) ?? 0) / a - (found.get(line) ?? 0) / b), 0) /
    2
  );
}

function add(amounts: Amounts, line: number, amount: number): void {
  amounts.set(line, (amounts.get(line) ?? 0) + amount);
}

function total(amounts: Amounts): number {
  return [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
}

function shortName(key: string): string {
  return key.split("/").slice(-2).join("/");
}
