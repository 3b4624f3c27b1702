// Commands: what Save does for a recording of another time or window that nobody has saved yet.

import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename } from "node:path";
import * as vscode from "vscode";
import { cancellable } from "../common/cancellable.ts";
import { errorText, UserError } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { VIEWS } from "../contributions.ts";
import { t } from "../model/l10n.ts";
import { analysisThread } from "../recording/analysis/threadFile.ts";
import type { Services } from "../services.ts";

/** Where it stands now, its tab too; null: the user chose no place. @throws UserError */
export async function saveKept(services: Services, uri: vscode.Uri): Promise<vscode.Uri | null> {
  const { context, sessions, keeper } = services;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(await homeOf(services, uri), basename(uri.fsPath)),
    filters: { [t("Darcy recording")]: ["darcy"] },
    title: t("Save Recording"),
  });
  if (target === undefined) return null;
  const [{ readPacked }, { openFront }, { frontInThread }, { writeWhole }] = await Promise.all([
    import("../collector/profileFile.ts"),
    import("../collector/front.ts"),
    import("../recording/analysis/analysis.ts"),
    import("../collector/writeWhole.ts"),
  ]);
  await cancellable(t("Darcy: saving {0}", basename(target.fsPath)), async (signal) => {
    const packed = await readPacked(uri.fsPath);
    const fault = (error: unknown) => log().warn(`${target.fsPath} has no front: ${errorText(error)}`);
    // One that was written in a hurry has none.
    const hasFront = (await openFront(packed)) !== null;
    const thread = analysisThread(context.extensionUri);
    const front = hasFront ? new Uint8Array(0) : await frontInThread(thread, packed, fault, signal);
    signal.throwIfAborted();
    await writeWhole(target.fsPath, [front, packed]).catch((error: unknown) => {
      throw new UserError(
        t("{0} could not be written: {1}.", target.fsPath, errorText(error)),
        t("Choose another place."),
        { cause: error },
      );
    });
  });
  if (target.fsPath !== uri.fsPath) {
    await moveTabs(uri, target);
    await keeper.moved(uri.fsPath, target.fsPath);
  }
  sessions.remember(target);
  return target;
}

/** Where what comes of a recording is looked for first: beside it or, where nobody has saved it, where its server ran. */
export async function homeOf({ sessions }: Pick<Services, "sessions">, uri: vscode.Uri): Promise<vscode.Uri> {
  if (!sessions.isUnsaved(uri)) return vscode.Uri.joinPath(uri, "..");
  const cwd = await sessions.summary(uri).then(
    (summary) => summary.cwd,
    () => "",
  );
  const isHere = await stat(cwd).then(
    (about) => about.isDirectory(),
    () => false,
  );
  if (isHere) return vscode.Uri.file(cwd);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri: { scheme } }) => scheme === "file");
  return folder?.uri ?? vscode.Uri.file(homedir());
}

async function moveTabs(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  for (const { tabs, viewColumn } of vscode.window.tabGroups.all)
    for (const tab of tabs) {
      if (!(tab.input instanceof vscode.TabInputCustom) || tab.input.uri.fsPath !== from.fsPath) continue;
      await vscode.commands.executeCommand("vscode.openWith", to, VIEWS.savedProfile, {
        viewColumn,
        preserveFocus: !tab.isActive,
      });
      await vscode.window.tabGroups.close(tab, true);
    }
}
