// Sessions: what a recording's file is called in another format.

import type { OtherFormat } from "../recording/analysis/messages.ts";
import { EXPORT_ENDING } from "../report/exports/formats.ts";

export function exportName(file: string, format: OtherFormat): string {
  const ending = format === "html" ? ".html" : format === "markdown" ? ".md" : EXPORT_ENDING[format];
  return file.replace(/(?:\.darcy)?$/, ending);
}
