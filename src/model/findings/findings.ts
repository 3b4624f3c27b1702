// Model: what the report's figures say is worth doing, strongest first. One rule a file.

import type { Finding, Report } from "../../protocol/report.ts";
import type { Sums } from "../sums.ts";
import { notBound } from "./notBound.ts";

export type Rule = (report: Report, sums: Sums) => readonly Finding[];

const RULES: readonly Rule[] = [notBound];

export function findingsOf(report: Report, sums: Sums): Finding[] {
  return RULES.flatMap((rule) => rule(report, sums)).sort((a, b) => b.score - a.score);
}
