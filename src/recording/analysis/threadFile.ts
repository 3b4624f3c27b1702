// Recording, analysis: where the build leaves the thread.

import * as vscode from "vscode";

/** @param extension its folder */
export function analysisThread(extension: vscode.Uri): string {
  return vscode.Uri.joinPath(extension, "dist", "analysis.js").fsPath;
}
