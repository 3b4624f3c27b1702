// Model: notices, which the wire and files carry in English, in the user's words.

import { unfill } from "../protocol/notices.ts";
import { isTranslated, t } from "./l10n.ts";

/** As it is where the sentence is none that is known, as of another version's. */
export function noticeWords(text: string): string {
  const known = isTranslated() ? unfill(text) : null;
  return known === null ? text : t(known.template, ...known.values.map(noticeWords));
}
