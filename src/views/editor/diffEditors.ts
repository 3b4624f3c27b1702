// Editor: whether an editor is one side of a comparison of two texts, where marks would only be in the way.

import * as vscode from "vscode";

export function isInDiff({ document, viewColumn }: vscode.TextEditor): boolean {
  const address = document.uri.toString();
  return vscode.window.tabGroups.all.some(({ activeTab, viewColumn: column }) => {
    const input = activeTab?.input;
    if (!(input instanceof vscode.TabInputTextDiff)) return false;
    const sides = [input.original.toString(), input.modified.toString()];
    // A side of a comparison may have no column of its own.
    return sides.includes(address) && (viewColumn === undefined || viewColumn === column);
  });
}
