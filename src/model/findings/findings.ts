// Model: what the report's figures say is worth doing, strongest first. One rule a file; each says what to do, the
// evidence, and what it saves at most, of processor time or of waiting: never of both, never throughput.

import type { Finding, Report } from "../../protocol/report.ts";
import { avoidableCopies } from "./avoidableCopies.ts";
import { crowdedCores } from "./crowdedCores.ts";
import { joinedBuffers } from "./joinedBuffers.ts";
import { longHolds } from "./longHolds.ts";
import { notBound } from "./notBound.ts";
import { nothingToChange } from "./nothingToChange.ts";

/** Of a report whose own findings are still empty. */
export type Rule = (report: Report) => readonly Finding[];

const RULES: readonly Rule[] = [notBound, crowdedCores, joinedBuffers, avoidableCopies, longHolds];

export function findingsOf(report: Report): Finding[] {
  const found = RULES.flatMap((rule) => rule(report)).sort((a, b) => b.score - a.score);
  return [...found, ...nothingToChange(report, found)];
}
