// Model: the words of the user's language, for whatever shows them: the extension gives those that VS Code has loaded, the
// panel those that its host gives it; the command line stays English. Keys are the English texts (l10n/bundle.l10n.*.json).

import { fill } from "../protocol/fill.ts";

const ENGLISH = "en-US";

let words: Readonly<Record<string, string>> = {};
let locale = ENGLISH;

/** @param bundle translations by their English texts; null: English */
export function useWords(bundle: Readonly<Record<string, unknown>> | null | undefined): void {
  words = Object.fromEntries(
    Object.entries(bundle ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** Sets the grouping and the decimal sign of all figures; the default is `1,354.5`. */
export function useLocale(tag: string): void {
  try {
    locale = Intl.NumberFormat.supportedLocalesOf(tag)[0] ?? ENGLISH;
  } catch {
    locale = ENGLISH;
  }
}

/** What another thread needs to say the same. */
export function language(): { readonly words: Readonly<Record<string, string>>; readonly locale: string } {
  return { words, locale };
}

/** Of numbers. */
export function numberLocale(): string {
  return locale;
}

/** Whether there is another language than English, be it of numbers alone. */
export function isTranslated(): boolean {
  return Object.keys(words).length > 0 || !/^en(?:-US)?$/.test(locale);
}

/** `{0}`, `{1}` stand for the values. The text is a literal, so that a test finds what is not translated. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  const known = words[text] ?? text;
  return values.length === 0 ? known : fill(known, ...values);
}

/** What `make` says is in English, words and numbers, whatever the user's language: for texts that are handed on to others. */
export function inEnglish<T>(make: () => T): T {
  const kept = { words, locale };
  [words, locale] = [{}, ENGLISH];
  try {
    return make();
  } finally {
    ({ words, locale } = kept);
  }
}

/** Marks a text that is said later, by `t` of what holds it. */
export function said(text: string): string {
  return text;
}
