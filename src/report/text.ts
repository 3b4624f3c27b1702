// Report: for a terminal. Top to bottom: how much, where, why, is it even.

import type { Report } from "../protocol/report.ts";
import { chainLines } from "./chainLines.ts";
import { deepLines } from "./deepLines.ts";
import { hotspotLines } from "./hotspotLines.ts";
import { budgetLines, categoryLines, headLines } from "./overviewLines.ts";
import { printableReport } from "./printableReport.ts";
import { COLOURED, PLAIN, type Style } from "./style.ts";
import { findingLines, footLines, routeLines, workerLines } from "./tailLines.ts";
import { threadLines } from "./threadLines.ts";

export interface TextOptions {
  /** Columns of the terminal; default 100. */
  readonly width?: number;
  readonly color?: boolean;
  /** Hotspots to list; default: those of 2 % of their category and more. */
  readonly top?: number;
  /** Files inside are shown relative to it; "" shows whole paths. */
  readonly cwd?: string;
}

export interface TextContext {
  readonly width: number;
  readonly top: number | undefined;
  readonly cwd: string;
  readonly style: Style;
}

const LEAST_WIDTH = 60;
const MOST_WIDTH = 160;

export function formatText(measured: Report, options: TextOptions = {}): string {
  const report = printableReport(measured);
  const context: TextContext = {
    width: Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, options.width ?? 100)),
    top: options.top,
    cwd: options.cwd ?? process.cwd(),
    style: options.color === true ? COLOURED : PLAIN,
  };
  const sections = [
    headLines(report, context),
    budgetLines(report, context),
    categoryLines(report, context),
    hotspotLines(report, context),
    chainLines(report, context),
    findingLines(report, context),
    routeLines(report, context),
    workerLines(report, context),
    threadLines(report, context),
    deepLines(report, context),
    footLines(report, context),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
