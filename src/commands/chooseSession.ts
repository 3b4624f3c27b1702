// Commands: which saved recording is meant: the one that was pointed at, else one that the user chooses.

import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import type { Services } from "../services.ts";

/** Of a tree's node, or of a path; null: neither. */
export function uriOf(word: unknown): vscode.Uri | null {
  if (typeof word === "string") return vscode.Uri.file(word);
  if (word instanceof vscode.Uri) return word;
  if (typeof word !== "object" || word === null || !("uri" in word)) return null;
  return word.uri instanceof vscode.Uri ? word.uri : null;
}

/** Of the tree's node for the recording that runs or ran last. */
export function isLive(word: unknown): boolean {
  return typeof word === "object" && word !== null && "kind" in word && word.kind === "live";
}

/** Null: the user chose none. @throws UserError where there is none to choose */
export async function sessionFrom(
  { sessions }: Services,
  word: unknown,
  question: string,
  without?: vscode.Uri,
): Promise<vscode.Uri | null> {
  const named = uriOf(word);
  if (named !== null) return named;
  const files = (await sessions.list()).filter(({ fsPath }) => fsPath !== without?.fsPath);
  if (files.length === 0)
    throw new UserError(
      without === undefined
        ? t("There is no saved recording here.")
        : t("There is no other saved recording here."),
      t("Save one from the panel first."),
    );
  // The baseline is what most are compared with.
  const first = (uri: vscode.Uri) => Number(sessions.isBaseline(uri));
  const wordsOf = (uri: vscode.Uri) => {
    const place = sessions.isUnsaved(uri) ? t("unsaved") : folderOf(uri);
    const known = sessions.readSummary(uri);
    return [...(sessions.isBaseline(uri) ? [t("baseline")] : []), place, known?.rate ?? ""]
      .filter((word) => word !== "")
      .join(", ");
  };
  const items = [...files]
    .sort((a, b) => first(b) - first(a))
    .map((uri) => ({
      label: basename(uri.fsPath, ".darcy"),
      description: wordsOf(uri),
      uri,
    }));
  return (
    (await vscode.window.showQuickPick(items, { title: question, matchOnDescription: true }))?.uri ?? null
  );
}

/** "": the workspace's own. */
function folderOf(uri: vscode.Uri): string {
  const folder = dirname(vscode.workspace.asRelativePath(uri));
  return folder === "." ? "" : folder;
}
