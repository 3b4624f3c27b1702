// Model: notices, which the wire and files carry in English, in the user's words.

import { NOTICES } from "../protocol/notices.ts";
import { isTranslated, t } from "./l10n.ts";

/** As it is where the sentence is none that is known, as of another version's. */
export function noticeWords(text: string): string {
  const known = isTranslated() ? unfill(text) : null;
  return known === null ? text : t(known.template, ...known.values.map(noticeWords));
}

/** The holes of each template are in order. */
const patternOf = (template: string): RegExp => {
  const parts = template.split(/\{\d+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.+?)")}$`, "s");
};

/** Those that say most first: they may be what another one's hole holds, too. Made when they are first asked for. */
let patterns: (readonly [template: string, pattern: RegExp])[] | null = null;

/** What `fill` made a sentence of; null: of none that is known. */
export function unfill(text: string): { readonly template: string; readonly values: string[] } | null {
  patterns ??= Object.values(NOTICES)
    .sort((a, b) => b.length - a.length)
    .map((template) => [template, patternOf(template)]);
  for (const [template, pattern] of patterns) {
    const values = pattern.exec(text)?.slice(1);
    if (values !== undefined) return { template, values };
  }
  return null;
}
