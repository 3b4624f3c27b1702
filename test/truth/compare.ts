// Truth suite: a report against what its server states.

import type { Category } from "../../src/protocol/categories.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";
import type { Truth, Truths } from "./truthComments.ts";

/** Of the stated amount a request; allocations are compared as a whole, by their distance. */
export const TOLERANCE: Readonly<Record<Category, number>> = {
  copies: 0.05,
  switches: 0.05,
  locks: 0.1,
  allocations: 1,
};
export const LARGEST_DISTANCE = 0.1;
/** A hotspot with a larger share of its category has to be stated by the server. */
const FALSE_SHARE = 0.05;

export interface LineResult {
  readonly truth: Truth;
  readonly found: boolean;
  /** Amount a request. */
  readonly measured: number;
  /** 0.03 is 3 % too much; null where the amount is not known. */
  readonly error: number | null;
}

export interface Comparison {
  readonly lines: readonly LineResult[];
  /** Total-variation distance of the shares by function: 0 perfect, 1 all wrong. Null without allocations. */
  readonly distance: number | null;
  readonly falseHotspots: readonly string[];
  readonly wrongHolders: readonly string[];
  /** In plain words; empty when everything is within tolerance. */
  readonly complaints: readonly string[];
}

/**
 * @param functionOf the name of the top-level function around a line
 */
export function compare(
  report: Report,
  truths: Truths,
  functionOf: (file: string, line: number) => string,
): Comparison {
  const lines = truths.lines.map((truth) => compareLine(report, truth, functionOf));
  const distance = distanceOf(report, truths, functionOf);
  const falseHotspots = report.hotspots.filter((hotspot) => isFalse(hotspot, truths, functionOf)).map(nameOf);
  const wrongHolders =
    truths.holders.length === 0
      ? []
      : report.hotspots.filter((hotspot) => hasWrongHolder(hotspot, truths)).map(nameOfHolder);
  const complaints = [
    ...lines.flatMap(complaintOf),
    ...(distance !== null && distance > LARGEST_DISTANCE
      ? [`allocations by function: distance ${distance.toFixed(3)}`]
      : []),
    ...falseHotspots.map((name) => `false hotspot: ${name}`),
    ...wrongHolders.map((name) => `wrong holder: ${name}`),
  ];
  return { lines, distance, falseHotspots, wrongHolders, complaints };
}

type FunctionOf = (file: string, line: number) => string;

function isAt(hotspot: Hotspot, truth: Truth, functionOf: FunctionOf): boolean {
  if (hotspot.category !== truth.category || hotspot.file !== truth.file) return false;
  if (hotspot.line === truth.line) return true;
  return (
    truth.category === "allocations" &&
    truth.function !== "" &&
    functionOf(hotspot.file, hotspot.line) === truth.function
  );
}

function compareLine(report: Report, truth: Truth, functionOf: FunctionOf): LineResult {
  const hotspots = report.hotspots.filter((hotspot) => isAt(hotspot, truth, functionOf));
  const measured = hotspots.reduce((sum, hotspot) => sum + (hotspot.perRequest ?? 0), 0);
  const { amount } = truth;
  return {
    truth,
    found: hotspots.length > 0,
    measured,
    error: amount === null ? null : measured / amount - 1,
  };
}

function complaintOf({ truth, found, measured, error }: LineResult): string[] {
  const where = `${truth.category} at ${short(truth.file)}:${truth.line}`;
  if (!found) return [`${where}: not found`];
  if (truth.category === "allocations" || error === null) return [];
  if (Math.abs(error) <= TOLERANCE[truth.category]) return [];
  return [`${where}: ${measured.toFixed(1)} instead of ${truth.amount?.toFixed(1)} a request`];
}

/** Over functions; what the report charges to none of the stated ones is one more, stated as nothing. */
function distanceOf(report: Report, truths: Truths, functionOf: FunctionOf): number | null {
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

/** Switches and locks are counted exactly, so a server that states none must have none. */
function isFalse(hotspot: Hotspot, { lines }: Truths, functionOf: FunctionOf): boolean {
  const { category, share } = hotspot;
  const judged =
    category === "switches" || category === "locks" || lines.some((truth) => truth.category === category);
  return judged && share > FALSE_SHARE && !lines.some((truth) => isAt(hotspot, truth, functionOf));
}

function hasWrongHolder({ category, holder, share }: Hotspot, { holders }: Truths): boolean {
  if (category !== "locks" || share <= FALSE_SHARE) return false;
  return holder === null || !holders.some(({ file, line }) => holder.file === file && holder.line === line);
}

function nameOf({ category, file, line, function: name, callee, share }: Hotspot): string {
  return `${category} ${(share * 100).toFixed(0)} % at ${short(file)}:${line} ${name} (${callee})`;
}

function nameOfHolder(hotspot: Hotspot): string {
  const { holder } = hotspot;
  return `${nameOf(hotspot)}: ${holder === null ? "none" : `${short(holder.file)}:${holder.line}`}`;
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

function total(sums: ReadonlyMap<string, number>): number {
  return [...sums.values()].reduce((sum, amount) => sum + amount, 0);
}

function short(file: string): string {
  return file.split("/").slice(-2).join("/");
}
