// Model: what the report's figures say is worth doing: first what names a line, strongest first, then what is said of
// the whole run. One rule a file; each says what to do, the evidence, and what it saves at most, of processor time or
// of waiting: never of both, never throughput.

import type { Finding, Report } from "../../protocol/report.ts";
import { avoidableCopies } from "./avoidableCopies.ts";
import { blockedLoop } from "./blockedLoop.ts";
import { blockingCalls } from "./blockingCalls.ts";
import { copiedChain } from "./copiedChain.ts";
import { copyAmplification } from "./copyAmplification.ts";
import { CROWDED_BY_OTHERS, crowdedCores } from "./crowdedCores.ts";
import { hotKeys } from "./hotKey.ts";
import { idleWorkers } from "./idleWorkers.ts";
import { joinedBuffers } from "./joinedBuffers.ts";
import { jsonClones } from "./jsonClones.ts";
import { longHolds } from "./longHolds.ts";
import { needlessHops } from "./needlessHops.ts";
import { notBound } from "./notBound.ts";
import { nothingToChange } from "./nothingToChange.ts";
import { threadPool } from "./threadPool.ts";
import { unheldWaits } from "./unheldWaits.ts";

/** Of a report whose own findings are still empty. */
export type Rule = (report: Report) => readonly Finding[];

const RULES: readonly Rule[] = [
  notBound,
  idleWorkers,
  crowdedCores,
  joinedBuffers,
  avoidableCopies,
  jsonClones,
  copiedChain,
  copyAmplification,
  blockedLoop,
  longHolds,
  hotKeys,
  threadPool,
  blockingCalls,
  needlessHops,
  unheldWaits,
];

export function findingsOf(report: Report): Finding[] {
  const found = RULES.flatMap((rule) => rule(report)).sort(
    (a, b) => placeOf(a) - placeOf(b) || b.score - a.score,
  );
  return [...found, ...nothingToChange(report, found)];
}

/** What other programs do to the run is true of nearly every run with its load on the same machine: said last. */
function placeOf({ claim, locations }: Finding): number {
  if (locations.length > 0) return 0;
  return claim === CROWDED_BY_OTHERS ? 2 : 1;
}
