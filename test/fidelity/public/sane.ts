// Tests: whether a recording of a public server can be believed: every request counted, every probe at work.

import type { Profile } from "../../../src/model/profile.ts";
import { toReport } from "../../../src/model/report.ts";

const CATEGORIES = ["copies", "switches", "allocations", "locks"] as const;
/** What Darcy says when a measurement is not whole. */
const BAD_NOTICES = new Set(["probe-off", "coverage", "dropped", "crash-loop", "peer-exit"]);

export interface Expected {
  readonly requests: number;
  readonly workers: number;
  /** How many more there may be. */
  readonly more: number;
}

/** What is wrong with it, a line each. */
export function faultsOf(profile: Profile, expected: Expected): string[] {
  const report = toReport(profile);
  const faults: string[] = [];
  // Of WebSockets it is not known here how many messages were sent.
  const overHttp = report.requests.routes.filter(({ method }) => method !== "WebSocket");
  const total = overHttp.reduce((sum, { count }) => sum + count, 0);
  if (total < expected.requests || total > expected.requests + expected.more)
    faults.push(`${total} of ${expected.requests} requests were counted`);
  // Threads of a loader's hooks are listed, too.
  const peers = report.workers.filter(({ role }) => role === "peer").length;
  if (peers !== expected.workers) faults.push(`${peers} of ${expected.workers} workers were measured`);
  for (const { code, text } of report.notices) if (BAD_NOTICES.has(code)) faults.push(`${code}: ${text}`);
  const own = profile.windows.reduce((sum, window) => sum + window.own.faults, 0);
  if (own > 0) faults.push(`${own} faults in probes`);
  for (const category of CATEGORIES) {
    const { count, amount } = report.totals[category];
    // Hand-offs and waits there may be none; of switches the amount is the kernel's count.
    if (count === null || amount === null) faults.push(`no ${category}`);
    else if (category !== "locks" && !(amount > 0)) faults.push(`nothing in ${category}`);
  }
  for (const [what, count] of Object.entries(report.dropped))
    if (count > 0) faults.push(`${count} ${what} dropped`);
  return faults;
}
