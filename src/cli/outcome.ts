// Command line: how a recording came out: whether there is something to report, why not, how the load fared.

import type { NoRequest } from "../collector/diagnosis/whyNoRequest.ts";
import { type Exit, howItEnded } from "../collector/launch.ts";
import type { LoadResult } from "../collector/load/driveLoad.ts";
import { UserError } from "../common/errors.ts";
import { formatCount } from "../model/format.ts";
import type { Profile } from "../model/profile.ts";
import { fill } from "../protocol/fill.ts";
import { NOTICES } from "../protocol/notices.ts";

/** In what counts, the warm-up left out. */
export function hasRequests({ windows, measureFromMicros }: Profile): boolean {
  return windows.some(
    (window) => window.endMicros > measureFromMicros && window.requests.some(([, count]) => count > 0),
  );
}

/**
 * @param target of the load, null without one
 * @param result of the load where one was driven to its end
 * @param seen what the server's connections tell
 */
export function nothingMeasured(
  target: string | null,
  result: LoadResult | null,
  seen: NoRequest | null = null,
): UserError {
  const nothing = "No request was completed while measuring, so there is nothing to report.";
  if (target === null) {
    const known = seen === null ? nothing : `${nothing} ${seen.message}`;
    const remedy = seen?.remedy ?? "Send requests while it records, or let Darcy do it: --load /path";
    return new UserError(known, remedy);
  }
  if (result !== null && result.answered === 0 && result.errors === 0) {
    return new UserError(
      `${nothing} The server answered none of the load's requests.`,
      `See whether it answers ${target} at all without Darcy. One that speaks no HTTP needs messages of your own: leave --load out, and send them while it records.`,
    );
  }
  if (result !== null && result.answered === 0) {
    return new UserError(
      `${nothing} All ${formatCount(result.errors)} requests of the load failed.`,
      target.startsWith("/")
        ? "If the server listens on several ports, give --load the whole URL."
        : `Check that the server that is recorded answers at ${target}, or give --load only the path.`,
    );
  }
  return new UserError(
    nothing,
    "Measure for longer with --duration, or send the load to the server that is recorded.",
  );
}

export function endedError(exit: Exit, when: string): UserError {
  return new UserError(
    `The server ended ${howItEnded(exit)} ${when}, so there is nothing to report.`,
    "See its own output above.",
  );
}

/** As `NOTICES.serverEnded` has it; null: it runs, or ended well. */
export function deathOf(exit: Exit | null): string | null {
  if (exit === null || exit.code === 0) return null;
  return exit.signal === null ? fill(NOTICES.byCode, exit.code ?? "?") : fill(NOTICES.bySignal, exit.signal);
}

/** The load as its client saw it, whose times hold the way there and back too. */
export function loadText(
  { answered, errors, timeouts, non2xx, p50Ms, p99Ms }: LoadResult,
  withWarmup: boolean,
): string {
  const parts = [
    `${formatCount(answered)} requests answered${withWarmup ? " (warm-up included)" : ""}`,
    `${formatCount(errors)} failed${timeouts > 0 ? ` (${formatCount(timeouts)} by time-out)` : ""}`,
    `${formatCount(non2xx)} not 2xx`,
    `p50 ${clientTime(p50Ms)}`,
    `p99 ${clientTime(p99Ms)}`,
  ];
  const warning = errors > 0 || non2xx > 0 ? "warning: " : "";
  return `${warning}The load's own figures: ${parts.join(", ")}.`;
}

/** The client counts whole milliseconds. */
function clientTime(ms: number): string {
  return ms < 1 ? "under 1 ms" : `${ms} ms`;
}
