// Model: the span that figures cover, in the user's words. In reports and states it stands in English, as what is handed on does.

import { t } from "./l10n.ts";

/** @param label a scope's: `Whole session`, `Last 60 s`, or a span by the clock */
export function scopeWords(label: string): string {
  const seconds = /^Last (\d+) s$/.exec(label)?.[1];
  return seconds === undefined ? t(label) : t("Last {0} s", seconds);
}
