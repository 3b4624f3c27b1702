// Report: a page that opens in any browser: its own script and style, and what it shows, in one file that asks nothing of
// the network. The content security policy names each script and style by its hash.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** The built texts, as `dist/webview` holds them. */
export interface PageParts {
  /** Of the page's own host, which comes first. */
  readonly host: string;
  readonly view: string;
  readonly themes: string;
  readonly style: string;
}

/**
 * @param title what the page calls what it shows: a file's name
 * @param shown kept in the page as gzipped JSON in base 64
 */
export function formatPage(title: string, shown: object, parts: PageParts): string {
  const scripts = [parts.host, parts.view].map(inScript);
  const styles = [parts.themes, parts.style].map(inStyle);
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(" ")}`,
    `style-src ${styles.map(hashOf).join(" ")}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const data = gzipSync(JSON.stringify(shown), { level: 9 }).toString("base64");
  const name = escapeHtml(title);
  return `<!doctype html>
<html lang="en" data-theme="dark">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${name} – Darcy</title>
${styles.map((style) => `<style>${style}</style>`).join("\n")}
</head>
<body>
<div id="app"></div>
<noscript>This report needs JavaScript, which it brings with it.</noscript>
<script type="application/octet-stream" id="darcy-shown" data-title="${name}">${data}</script>
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** What would end the element it stands in; both spellings mean the same to JavaScript and CSS. */
function inScript(text: string): string {
  return text.replace(/<(?=\/script|!--|script)/gi, "\\x3c");
}
function inStyle(text: string): string {
  return text.replace(/<(?=\/style)/gi, "\\3c ");
}

function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (sign) => names[sign] ?? sign);
}
