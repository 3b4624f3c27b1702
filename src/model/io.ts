// Model: what went in and out of the server, and how often that was copied meanwhile.

import { KINDS } from "../protocol/categories.ts";
import type { IoReport } from "../protocol/report.ts";
import { isMeasured } from "./cost.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import type { Sums } from "./sums.ts";

/** Null where no thread told. */
export function ioOf(
  profile: Pick<Profile, "operations">,
  windows: readonly ProfileWindow[],
  sums: Sums,
): IoReport | null {
  const told = windows.flatMap(({ io }) => io ?? []);
  if (told.length === 0) return null;
  const total = (of: (io: (typeof told)[number]) => number) => told.reduce((sum, io) => sum + of(io), 0);
  const io = {
    receivedBytes: total(({ received }) => received),
    sentBytes: total(({ sent }) => sent),
    fileBytes: total(({ files }) => files),
  };
  const moved = movedBytes(io);
  const copied = isMeasured(profile.operations, "copies") ? copiedBytes(profile, sums) : null;
  return { ...io, copyAmplification: copied === null || moved <= 0 ? null : copied / moved };
}

export function movedBytes(io: Pick<IoReport, "receivedBytes" | "sentBytes" | "fileBytes">): number {
  return io.receivedBytes + io.sentBytes + io.fileBytes;
}

function copiedBytes({ operations }: Pick<Profile, "operations">, sums: Sums): number {
  let bytes = 0;
  for (const { operation, amount } of sums.cells.values()) {
    const kind = operations[operation]?.kind;
    if (kind !== undefined && KINDS[kind] === "copies") bytes += amount;
  }
  return bytes;
}
