// Model: memory off V8's heap that no probe saw: what processes held more at a window's end than at the one before (ups only,
// summed) beyond all that was counted by line. At least: what came and went within a window is in neither.

import type { OffHeapReport } from "../protocol/report.ts";
import { perRequest } from "./hotspots.ts";
import type { Profile } from "./profile.ts";
import type { Sums } from "./sums.ts";

/** Null where it was not measured. */
export function offHeapOf({ operations }: Pick<Profile, "operations">, sums: Sums): OffHeapReport | null {
  if (!operations.some(({ kind }) => kind === "buffers")) return null;
  const countedBytes = countedOffHeap(operations, sums);
  const unexplainedBytes = Math.max(0, sums.offHeapGrowthBytes - countedBytes);
  return { countedBytes, unexplainedBytes, unexplainedPerRequest: perRequest(unexplainedBytes, sums) };
}

function countedOffHeap(operations: Profile["operations"], sums: Sums): number {
  let bytes = 0;
  for (const cell of sums.cells.values()) {
    if (operations[cell.operation]?.kind === "buffers") bytes += cell.amount;
  }
  return bytes;
}
