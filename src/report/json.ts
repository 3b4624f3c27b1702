// Report: as JSON, the contract of protocol/report.ts.

import type { Report } from "../protocol/report.ts";

export function formatJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
