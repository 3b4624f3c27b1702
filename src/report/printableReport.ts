// Report: a report whose every text may go to a terminal: whatever the server, or a stranger's file, named something.

import type { Report } from "../protocol/report.ts";
import { printable } from "./columns.ts";

export function printableReport(report: Report): Report {
  return cleaned(report) as Report;
}

/** Reports are a few levels deep. */
function cleaned(value: unknown): unknown {
  if (typeof value === "string") return printable(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cleaned);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleaned(inner)]));
}
