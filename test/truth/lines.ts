// Truth suite: one stated line against the hotspots that the report has there.

import { isContention } from "../../src/protocol/categories.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";
import { type Figure, HALF_WIDTHS, TOLERANCE } from "./reach.ts";
import type { FunctionOf, Truth } from "./truthComments.ts";

export interface Place {
  readonly report: Report;
  readonly functionOf: FunctionOf;
  /** Requests that can be under way at the edges of what is measured, of all. */
  readonly edge: number;
}

export interface LineResult {
  readonly truth: Truth;
  readonly figure: Figure;
  readonly found: boolean;
  /** Amount a request. */
  readonly measured: number;
  /** 0.03 is 3 % too much; null where the amount is not known. */
  readonly error: number | null;
  /** Half the 95 % interval shown, of the measured amount; 0 for an exact figure, null where none is shown. */
  readonly halfWidth: number | null;
  /** Whether the truth lies in it; null without a truth or an interval. */
  readonly inside: boolean | null;
  readonly complaint: string | null;
}

export function judge({ report, functionOf, edge }: Place, truth: Truth): LineResult {
  const hotspots = report.hotspots.filter((hotspot) => isAt(hotspot, truth, functionOf));
  const figure = figureOf(truth, hotspots);
  const own = ownOf(hotspots, truth, figure);
  const result = { truth, figure, found: own.length > 0, ...against(truth.amount, own, edge) };
  return { ...result, complaint: complaintOf(result) ?? calleeComplaint(truth, own) };
}

/** A call that blocks the loop and waits for a lock is in the report as both; the wait is what is stated. */
function ownOf(hotspots: readonly Hotspot[], truth: Truth, figure: Figure): readonly Hotspot[] {
  if (figure === "off-heap") return hotspots.filter((hotspot) => isBuffers(hotspot, truth));
  const waits = hotspots.filter(({ category, basis }) => category === "locks" && isContention(basis));
  return waits.length > 0 ? waits : hotspots;
}

/** The figures of some hotspots together against what is stated of them. */
export function against(
  amount: number | null,
  hotspots: readonly Hotspot[],
  edge: number,
): Pick<LineResult, "measured" | "error" | "halfWidth" | "inside"> {
  const measured = amountOf(hotspots);
  const error = amount === null ? null : measured / amount - 1;
  const halfWidth = halfWidthOf(hotspots, measured);
  const inside =
    amount === null || halfWidth === null
      ? null
      : Math.abs(measured - amount) <= Math.max(halfWidth * measured, edge * amount);
  return { measured, error, halfWidth, inside };
}

export function isAt(hotspot: Hotspot, truth: Truth, functionOf: FunctionOf): boolean {
  if (hotspot.category !== truth.category || hotspot.file !== truth.file) return false;
  if (hotspot.line === truth.line) return true;
  return (
    truth.category === "allocations" &&
    truth.function !== "" &&
    functionOf(hotspot.file, hotspot.line) === truth.function
  );
}

/** A request. */
export function amountOf(hotspots: readonly Hotspot[]): number {
  return hotspots.reduce((sum, { perRequest }) => sum + (perRequest ?? 0), 0);
}

export function named({ category, file, line, function: name, callee, share }: Hotspot): string {
  return `${category} ${(share * 100).toFixed(0)} % at ${short(file)}:${line} ${name} (${callee})`;
}

export function short(file: string): string {
  return file.split("/").slice(-2).join("/");
}

function figureOf(truth: Truth, hotspots: readonly Hotspot[]): Figure {
  if (truth.category !== "allocations") return truth.category;
  return hotspots.some((hotspot) => isBuffers(hotspot, truth)) ? "off-heap" : "heap";
}

function isBuffers(hotspot: Hotspot, truth: Truth): boolean {
  return hotspot.kind === "buffers" && hotspot.line === truth.line;
}

/** Independent errors add up by their squares. What shows none may be the hundredth part, else there is none. */
function halfWidthOf(hotspots: readonly Hotspot[], measured: number): number | null {
  let squares = 0;
  let without = 0;
  for (const { relativeError, perRequest } of hotspots) {
    if (relativeError === null) without += perRequest ?? 0;
    else squares += (relativeError * (perRequest ?? 0)) ** 2;
  }
  return measured === 0 || without > measured / 100 ? null : Math.sqrt(squares) / measured;
}

function calleeComplaint({ category, file, line, callee }: Truth, hotspots: readonly Hotspot[]) {
  if (callee === null) return null;
  const others = hotspots.filter((hotspot) => hotspot.callee.split(".").at(-1) !== callee);
  if (others.length === 0) return null;
  return `${category} at ${short(file)}:${line}: by ${others.map((hotspot) => hotspot.callee).join()} instead of ${callee}`;
}

function complaintOf({ truth, figure, found, measured, error, halfWidth }: Omit<LineResult, "complaint">) {
  const where = `${truth.category} at ${short(truth.file)}:${truth.line}`;
  if (!found) return `${where}: not found`;
  if (figure === "heap" || error === null) return null;
  if (Math.abs(error) <= Math.max(TOLERANCE[figure], HALF_WIDTHS * (halfWidth ?? 0))) return null;
  return `${where}: ${measured.toFixed(1)} instead of ${truth.amount?.toFixed(1)} a request`;
}
