// Views: takes the user from a figure to its line of code, and says so where that is in another file than was measured.

import { basename } from "node:path";
import * as vscode from "vscode";
import { t } from "../model/l10n.ts";
import type { Location } from "../protocol/report.ts";
import { localFile } from "./localFile.ts";

export type Place = Pick<Location, "file" | "line" | "column">;

const SAID_MILLIS = 10_000;

/**
 * @param cwd where the server ran
 * @param options `from`: the column of the panel that was clicked, which should stay visible where it can
 */
export async function openLocation(
  place: Place,
  cwd: string,
  options: { toSide?: boolean; from?: vscode.ViewColumn | undefined } = {},
): Promise<void> {
  const found = await localFile(place.file, cwd);
  const uri = found?.file ?? vscode.Uri.file(place.file);
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch {
    void vscode.window.showWarningMessage(
      t(
        "{0} is neither at {1} on this machine nor in the workspace, so it can't be opened.",
        basename(place.file),
        place.file,
      ),
    );
    return;
  }
  if (found !== null && found.cwd !== null)
    vscode.window.setStatusBarMessage(
      t("Measured as {0}; {1} stands for it here.", place.file, vscode.workspace.asRelativePath(uri)),
      SAID_MILLIS,
    );
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
