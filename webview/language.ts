// Panel, before all else: the words of the user's language, which the host has put into the page. Without them it is English.

import { useWords } from "../src/model/l10n.ts";

const WORDS_ID = "darcy-words";

useWords(wordsOf(document.getElementById(WORDS_ID)?.textContent ?? "null"));

function wordsOf(json: string): Record<string, unknown> | null {
  try {
    const words: unknown = JSON.parse(json);
    return typeof words === "object" && words !== null ? (words as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
