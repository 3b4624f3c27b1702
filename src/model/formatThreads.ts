// Model: threads and what wakes their loops, in words, the same in the terminal and the panel.

import type { WakeCause, WakesReport } from "../protocol/loops.ts";
import type { ThreadReport, WorkerReport } from "../protocol/report.ts";
import { formatShare } from "./format.ts";
import { said, t } from "./l10n.ts";

export const THREAD_CLASS_NAME: Readonly<Record<ThreadReport["class"], string>> = {
  loop: said("event loop"),
  worker: said("worker thread"),
  pool: said("libuv pool"),
  v8: said("V8 helper"),
  other: said("other"),
};

const WAKE_NAME: Readonly<Record<WakeCause, string>> = {
  request: said("requests"),
  connection: said("connections"),
  "pool job": said("pool jobs"),
  message: said("messages"),
  process: said("processes"),
  timer: said("timers"),
  "within a turn": said("within a turn"),
  Darcy: "Darcy",
  "other event": said("other events"),
  unknown: said("unknown"),
};

export type Wakes = Pick<WakesReport, "count" | "perSecond" | "causes">;

/** Of the loops of processes, or of worker threads, together; null where none is known. */
export function sumWakes(workers: readonly WorkerReport[], of: "processes" | "threads"): Wakes | null {
  const known = workers.flatMap(({ wakes, threadId }) =>
    wakes !== null && wakes !== undefined && threadId > 0 === (of === "threads") ? [wakes] : [],
  );
  if (known.length === 0) return null;
  const causes = new Map<WakeCause, number>();
  for (const row of known.flatMap((each) => each.causes))
    causes.set(row.cause, (causes.get(row.cause) ?? 0) + row.wakes);
  return {
    count: known.reduce((sum, { count }) => sum + count, 0),
    perSecond: known.reduce((sum, { perSecond }) => sum + perSecond, 0),
    causes: [...causes]
      .map(([cause, wakes]) => ({ cause, wakes, happened: null }))
      .sort((a, b) => b.wakes - a.wakes),
  };
}

const LEAST_SHARE = 0.005;

/** `requests 61 %, pool jobs 20 %`; "" where it has not slept. */
export function formatWakes({ count, causes }: Wakes): string {
  return causes
    .filter(({ wakes }) => wakes >= LEAST_SHARE * count)
    .map(({ cause, wakes }) => `${t(WAKE_NAME[cause])} ${formatShare(wakes / count)}`)
    .join(", ");
}
