// Model: the span that figures cover, in the user's words. In reports and states it stands in English, as what is handed on does.

import { t } from "./l10n.ts";

/** @param label a scope's: `Whole session`, `Last 60 s`, `Last 60 s measured` (there were rests), or a span by the clock */
export function scopeWords(label: string): string {
  const [, seconds, measured] = /^Last (\d+) s( measured)?$/.exec(label) ?? [];
  if (seconds === undefined) return t(label);
  return measured === undefined ? t("Last {0} s", seconds) : t("Last {0} s measured", seconds);
}
