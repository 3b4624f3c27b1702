// Model: what an amount costs on this machine, in microseconds, by its calibration. docs/figures.md has the formulas.

import type { Calibration } from "../protocol/calibration.ts";
import { type Category, isContention, KINDS, type Kind } from "../protocol/categories.ts";
import type { Profile } from "./profile.ts";
import { type Cell, kernelSwitches, type Sums } from "./sums.ts";

type CopyKind = keyof Calibration["copies"];
const CALIBRATED: Readonly<Partial<Record<Kind, CopyKind>>> = {
  copy: "copy",
  concat: "copy",
  encode: "encode",
  decode: "decode",
  clone: "clone",
  serialise: "serialise",
  parse: "parse",
};

/**
 * Nanoseconds a byte at a size, log-log between the sizes that were measured and flat beyond them.
 * Null for a kind that was not measured.
 */
export function copyNanosPerByte(calibration: Calibration, kind: Kind, bytes: number): number | null {
  const name = CALIBRATED[kind];
  const points = name === undefined ? undefined : calibration.copies[name];
  if (points === undefined || points.length === 0) return null;
  const sorted = [...points].sort((a, b) => a.bytes - b.bytes);
  let before = sorted[0] as (typeof sorted)[number];
  if (bytes <= before.bytes) return before.nanosPerByte.median;
  for (const point of sorted) {
    if (point.bytes >= bytes) return interpolate(before, point, bytes);
    before = point;
  }
  return before.nanosPerByte.median;
}

type Point = Calibration["copies"][CopyKind][number];
function interpolate(low: Point, high: Point, bytes: number): number {
  const [a, b] = [low.nanosPerByte.median, high.nanosPerByte.median];
  if (low.bytes === high.bytes) return b;
  const at = Math.log(bytes / low.bytes) / Math.log(high.bytes / low.bytes);
  // A cost of 0 has no logarithm: straight between the two then.
  return a > 0 && b > 0 ? a * (b / a) ** at : a + (b - a) * at;
}

/**
 * Microseconds of one cell's amount: by its own events that were timed, else by calibration, garbage collection left out;
 * for locks the waiting time itself.
 */
export function cellMicros(
  calibration: Calibration | null,
  kind: Kind,
  cell: Pick<Cell, "count" | "amount" | "timed" | "timedMicros">,
): number | null {
  const { count, amount, timed, timedMicros } = cell;
  const category = KINDS[kind] as Category;
  if (category === "locks") return amount;
  if (timed > 0) return (count * timedMicros) / timed;
  if (calibration === null) return null;
  switch (category) {
    case "copies": {
      const nanos = copyNanosPerByte(calibration, kind, count > 0 ? amount / count : amount);
      return nanos === null ? null : (amount * nanos) / 1000;
    }
    case "allocations": {
      const price = kind === "buffers" ? calibration.bufferNanosPerByte : calibration.allocationNanosPerByte;
      return (amount * price.median) / 1000;
    }
    case "switches":
      if (kind === "hop") return calibration.hopMicros ? amount * calibration.hopMicros.median : null;
      if (kind === "process") return count * calibration.processSpawnMicros.median;
      if (kind === "hand-off") return amount * calibration.messageMicros.median;
      // A round trip is two hand-offs.
      return (amount * calibration.poolRoundTripMicros.median) / 2;
  }
}

/** Microseconds of a whole category over a scope; null where it was not measured or has no price. */
export function categoryMicros(
  category: Category,
  sums: Sums,
  operations: Profile["operations"],
  calibration: Calibration | null,
): number | null {
  if (category === "switches") {
    const switches = kernelSwitches(sums);
    return switches === null || calibration === null ? null : switches * calibration.switchMicros.median;
  }
  if (!isMeasured(operations, category)) return null;
  if (category !== "locks" && calibration === null) return null;
  let total = category === "allocations" ? sums.gcMicros : 0;
  for (const cell of sums.cells.values()) {
    const operation = operations[cell.operation];
    if (operation === undefined || KINDS[operation.kind] !== category) continue;
    if (isContention(operation.basis)) total += cellMicros(calibration, operation.kind, cell) ?? 0;
  }
  return total;
}

/** A probe registers its operations when it starts: a category without any was not measured, which is not 0. */
export function isMeasured(operations: Profile["operations"], category: Category): boolean {
  return operations.some((operation) => KINDS[operation.kind] === category);
}
