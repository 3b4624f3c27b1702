// Panel: the page that loads the webview's script and style, and nothing else.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { contentPolicy } from "./policy.ts";

export function panelHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(24).toString("base64");
  const address = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", name)).toString();
  const policy = contentPolicy(nonce, webview.cspSource);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address("panel.css")}">
<title>Darcy</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${address("panel.js")}"></script>
</body>
</html>`;
}

export function localRoots(extension: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extension, "dist", "webview"), vscode.Uri.joinPath(extension, "media")];
}
