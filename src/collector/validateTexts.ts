// Collector: narrows what a recording keeps of the texts that it measured, and what its front keeps of them.

import type { MeasuredText } from "../model/profile.ts";
import type { FileText, LineRow, MeasuredTexts } from "../protocol/measuredTexts.ts";
import { amount, list, nullable, optional, shape, text, tuple, whole } from "./narrow.ts";

const MAX_FILES = 200_000;
const MAX_LINES = 1_000_000;

const hash = text(64);
const fields = {
  file: text(8_192),
  whole: nullable(hash),
  lines: list(tuple<LineRow>(whole(), hash, hash), MAX_LINES),
};

export const profileTexts = list(shape<MeasuredText>({ ...fields, changedMs: optional(amount) }), MAX_FILES);
export const measuredTexts = shape<MeasuredTexts>({
  sinceMs: amount,
  files: list(shape<FileText>(fields), MAX_FILES),
});
