// Commands: the file in the active editor as a target.

import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../../common/errors.ts";
import { t } from "../../model/l10n.ts";
import { isRunnable, nodeCommand } from "./nodeCommand.ts";
import type { Target } from "./target.ts";

export function currentFileTarget(): Target | null {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || document.uri.scheme !== "file" || !isRunnable(document.fileName)) return null;
  const file = document.fileName;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  return {
    id: `file:${file}`,
    label: basename(file),
    description: "current file",
    ignored: "",
    launch: async (node) => {
      if (document.isDirty && !(await document.save())) {
        throw new UserError(t("{0} has unsaved changes.", basename(file)), t("Save it and start again."));
      }
      return {
        title: basename(file),
        command: nodeCommand(node, file),
        cwd: folder?.uri.fsPath ?? dirname(file),
        environment: {},
      };
    },
  };
}
