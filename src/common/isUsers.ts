// Front: which of the files that a recording names may be looked into.

import * as vscode from "vscode";
import { isInside } from "./isInside.ts";

/**
 * A recording may be a stranger's, and the files that it names anywhere: in a folder of secrets, on another machine
 * (\\host\share). Only those in the workspace, and those that the user has opened, are looked into.
 */
export function isUsers(file: string): boolean {
  const { workspaceFolders = [], textDocuments } = vscode.workspace;
  const { fsPath } = vscode.Uri.file(file);
  return (
    workspaceFolders.some(({ uri }) => uri.scheme === "file" && isInside(file, uri.fsPath)) ||
    textDocuments.some(({ uri }) => uri.scheme === "file" && uri.fsPath === fsPath)
  );
}
