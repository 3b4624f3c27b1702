// Model: memory off V8's heap: counted by what makes it, and what threads made beyond that, at least, by V8's and Node's figures.

import type { OffHeapReport } from "../protocol/report.ts";
import { perRequest } from "./hotspots.ts";
import type { Profile } from "./profile.ts";
import type { Sums } from "./sums.ts";

/** Null where it was not measured. */
export function offHeapOf({ operations }: Pick<Profile, "operations">, sums: Sums): OffHeapReport | null {
  if (!operations.some(({ kind }) => kind === "buffers")) return null;
  const countedBytes = countedOffHeap(operations, sums);
  const unexplainedBytes = sums.uncountedOffHeapBytes;
  return { countedBytes, unexplainedBytes, unexplainedPerRequest: perRequest(unexplainedBytes, sums) };
}

function countedOffHeap(operations: Profile["operations"], sums: Sums): number {
  let bytes = 0;
  for (const cell of sums.cells.values()) {
    if (operations[cell.operation]?.kind === "buffers") bytes += cell.amount;
  }
  return bytes;
}
