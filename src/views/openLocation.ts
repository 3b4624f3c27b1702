// Views: takes the user from a figure to its line of code.

import { basename } from "node:path";
import * as vscode from "vscode";
import { t } from "../model/l10n.ts";
import type { Location } from "../protocol/report.ts";

export type Place = Pick<Location, "file" | "line" | "column">;

/** @param options `from`: the column of the panel that was clicked, which should stay visible where it can */
export async function openLocation(
  place: Place,
  options: { toSide?: boolean; from?: vscode.ViewColumn | undefined } = {},
): Promise<void> {
  const uri = vscode.Uri.file(place.file);
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch {
    void vscode.window.showWarningMessage(
      t("{0} is not at {1} on this machine, so it can't be opened.", basename(place.file), place.file),
    );
    return;
  }
  // The file may have become shorter since it was measured.
  const at = document.validatePosition(new vscode.Position(place.line - 1, place.column - 1));
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: columnFor(document, options.toSide === true, options.from),
    selection: new vscode.Range(at, at),
  });
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function columnFor(
  document: vscode.TextDocument,
  toSide: boolean,
  from: vscode.ViewColumn | undefined,
): vscode.ViewColumn {
  if (toSide) return vscode.ViewColumn.Beside;
  if (from === undefined) return vscode.ViewColumn.Active;
  const others = vscode.window.visibleTextEditors.filter(
    (editor) => editor.viewColumn !== undefined && editor.viewColumn !== from,
  );
  const showing = others.find((editor) => editor.document === document) ?? others[0];
  return showing?.viewColumn ?? from;
}
