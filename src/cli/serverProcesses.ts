// Command line: which of the session's processes perf follows, and which are killed with the server.

import { basename } from "node:path";
import type { Session } from "../collector/session.ts";

export function processesOf({ workers }: Session): number[] {
  return [...new Set(workers.filter(({ endedMicros }) => endedMicros === null).map(({ pid }) => pid))];
}

export function isUserFile(file: string): boolean {
  return !file.startsWith("node:") && !/[\\/]node_modules[\\/]/.test(file) && basename(file) !== "preload.js";
}

/** They have process groups of their own. */
export function runningWorkers({ workers }: Session): number[] {
  const running = workers.filter(
    ({ role, threadId, endedMicros }) => role === "peer" && threadId === 0 && endedMicros === null,
  );
  return running.map(({ pid }) => pid);
}
