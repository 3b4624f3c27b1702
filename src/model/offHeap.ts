// Model: memory off V8's heap: counted by what makes it, and what threads made beyond that, at least, by V8's and Node's figures.

import type { OffHeapReport } from "../protocol/report.ts";
import { cloningCallees } from "./clones.ts";
import { perRequest } from "./hotspots.ts";
import type { Profile } from "./profile.ts";
import type { Sums } from "./sums.ts";

type Operations = Profile["operations"];

/** Null where it was not measured. */
export function offHeapOf({ operations }: Pick<Profile, "operations">, sums: Sums): OffHeapReport | null {
  const counted = operations.filter(({ kind }) => kind === "buffers");
  if (counted.length === 0) return null;
  const countedBytes = bytesOf(new Set(counted), operations, sums);
  const unexplainedBytes = unexplainedOffHeap(operations, sums);
  return { countedBytes, unexplainedBytes, unexplainedPerRequest: perRequest(unexplainedBytes, sums) };
}

/**
 * Null where no thread told. What clones made is counted where they were asked for, and grows where they are made, in another
 * thread and later: it is taken away from all together.
 */
export function unexplainedOffHeap(operations: Operations, sums: Sums): number | null {
  const { uncountedOffHeapBytes } = sums;
  if (uncountedOffHeapBytes === null) return null;
  const callees = cloningCallees(operations);
  const clones = operations.filter(({ kind, callee }) => kind === "buffers" && callees.has(callee));
  return Math.max(0, uncountedOffHeapBytes - bytesOf(new Set(clones), operations, sums));
}

function bytesOf(of: ReadonlySet<Operations[number]>, operations: Operations, sums: Sums): number {
  let bytes = 0;
  for (const cell of sums.cells.values()) {
    const operation = operations[cell.operation];
    if (operation !== undefined && of.has(operation)) bytes += cell.amount;
  }
  return bytes;
}
