// Leaf: which of a report's workers are the server's.

import type { WorkerReport } from "./report.ts";

/** Of those that share the server's requests: not the user's own threads and children, nor another server's process. */
export function isOfServer({ role, port }: WorkerReport): boolean {
  return role === "peer" && port === undefined;
}
