// Report: a page that opens in any browser: its own script and style, and what it shows, in one file that asks nothing of
// the network. The content security policy names each script and style by its hash.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { PAGE_DATA } from "../protocol/pageData.ts";

/** The built texts, as `dist/webview` holds them. */
export interface PageParts {
  /** Of the page's own host, which comes first. */
  readonly host: string;
  readonly view: string;
  readonly themes: string;
  readonly style: string;
  /** Of its worker; null: it has none. */
  readonly worker: string | null;
}

/** What stands in the page as JSON. */
type PageData = Readonly<Partial<Record<Exclude<keyof typeof PAGE_DATA, "worker">, object>>>;

/**
 * @param title what the page calls what it shows: a file's name
 * @param data first: what its scripts need to show anything; later: what they may wait for
 */
export function formatPage(
  title: string,
  { first, later }: { readonly first: PageData; readonly later: PageData },
  parts: PageParts,
): string {
  const scripts = [parts.host, parts.view].map(inScript);
  const styles = [parts.themes, parts.style].map(inStyle);
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(" ")}`,
    `style-src ${styles.map(hashOf).join(" ")}`,
    ...(parts.worker === null ? [] : ["worker-src blob:"]),
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
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
<body data-title="${name}">
<div id="app"></div>
<noscript>This report needs JavaScript, which it brings with it.</noscript>
${packed(first)}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
${parts.worker === null ? "" : inert(PAGE_DATA.worker, inScript(parts.worker))}
${packed(later)}
</body>
</html>
`;
}

function packed(data: PageData): string {
  return Object.entries(data)
    .map(([name, value]) => {
      const text = gzipSync(JSON.stringify(value), { level: 9 }).toString("base64");
      return inert(PAGE_DATA[name as keyof PageData], text);
    })
    .join("\n");
}

/** No script for the browser: it runs nothing of it, and its policy says nothing of it. */
function inert(id: string, text: string): string {
  return `<script type="application/octet-stream" id="${id}">${text}</script>`;
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
