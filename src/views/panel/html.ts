// Panel: the page that loads the webview's script and style, with the words of the user's language, and nothing else.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { contentPolicy } from "./policy.ts";
import { wordsElement } from "./wordsElement.ts";

/** @param name of the script and the style that it loads */
export function panelHtml(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: "panel" | "compare" = "panel",
): string {
  const nonce = randomBytes(24).toString("base64");
  const address = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", file)).toString();
  const policy = contentPolicy(nonce, webview.cspSource);
  const words = vscode.l10n.bundle;
  return `<!doctype html>
<html lang="${words === undefined ? "en" : vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address(`${name}.css`)}">
<title>Darcy</title>
</head>
<body>
<div id="app"></div>
${wordsElement(words)}
<script nonce="${nonce}" src="${address(`${name}.js`)}"></script>
</body>
</html>`;
}

export function localRoots(extension: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extension, "dist", "webview"), vscode.Uri.joinPath(extension, "media")];
}
