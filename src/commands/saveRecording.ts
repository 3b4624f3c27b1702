// Commands: what Save in the panel does.

import * as vscode from "vscode";
import { errorText, UserError } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { t } from "../model/l10n.ts";
import type { Services } from "../services.ts";

export async function saveRecording({ context, recorder, sessions }: Services): Promise<void> {
  const { recording } = recorder;
  const profile = recording?.profile() ?? null;
  if (recording === null || profile === null) {
    throw new UserError(t("There is no recording to save."), t("Start one with Darcy: Profile Node Server…"));
  }
  const folder = vscode.Uri.file(recording.options.cwd);
  const stamp = profile.startedAt.slice(0, 16).replaceAll(":", "").replace("T", "-");
  const name = `${recording.title.replace(/[^\p{L}\p{N}._-]+/gu, "-")}-${stamp}.darcy`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { [t("Darcy recording")]: ["darcy"] },
    title: t("Save Recording"),
  });
  if (target === undefined) return;
  const [{ writeProfile }, { resolveSources }, { frontInThread }] = await Promise.all([
    import("../collector/profileFile.ts"),
    import("../sources/resolve.ts"),
    import("../recording/analysis/analysis.ts"),
  ]);
  const thread = vscode.Uri.joinPath(context.extensionUri, "dist", "analysis.js").fsPath;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t("Darcy: saving") },
    async () =>
      writeProfile(target.fsPath, await resolveSources(recording.profile() ?? profile), (packed) =>
        frontInThread(thread, packed, (error) =>
          log().warn(`${target.fsPath} has no front: ${errorText(error)}`),
        ),
      ),
  );
  sessions.remember(target);
  const button = t("Open");
  const answer = await vscode.window.showInformationMessage(
    t("Saved as {0}.", vscode.workspace.asRelativePath(target)),
    button,
  );
  if (answer === button) await vscode.commands.executeCommand("vscode.open", target);
}
