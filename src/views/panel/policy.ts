// Panel: what its page may load and run: its own script and style, and nothing that a name brings along.

/** @param source where the webview's own files come from */
export function contentPolicy(nonce: string, source: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `img-src ${source} data:`,
    // These do not follow default-src.
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
