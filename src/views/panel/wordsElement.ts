// Panel: the words of the user's language as a part of its page, which webview/language.ts reads before all else. Pure.

/** Data, not a script; nothing in a text can end the element. "": the page is in English. */
export function wordsElement(words: Readonly<Record<string, unknown>> | undefined): string {
  if (words === undefined) return "";
  return `<script type="application/json" id="darcy-words">${JSON.stringify(words).replaceAll("<", "\\u003c")}</script>`;
}
