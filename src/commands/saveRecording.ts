// Commands: what Save in the panel does.

import { basename } from "node:path";
import * as vscode from "vscode";
import { cancellable } from "../common/cancellable.ts";
import { errorText, UserError } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { t } from "../model/l10n.ts";
import type { Profile } from "../model/profile.ts";
import { analysisThread } from "../recording/analysis/threadFile.ts";
import type { Recording } from "../recording/recording.ts";
import type { Services } from "../services.ts";

/** Of recordings that had ended when they were saved: these files hold all of them. */
const whole = new WeakMap<Recording, vscode.Uri>();

export async function saveAndOffer(services: Services): Promise<void> {
  const target = await saveRecording(services);
  if (target === null) return;
  const button = t("Open");
  const answer = await vscode.window.showInformationMessage(
    t("Saved as {0}.", vscode.workspace.asRelativePath(target)),
    button,
  );
  if (answer === button) await vscode.commands.executeCommand("vscode.open", target);
}

/** The file of the panel's recording: the one that holds all of it, else it is saved first. Null: the user chose no place. */
export async function savedRecording(services: Services): Promise<vscode.Uri | null> {
  const { recording } = services.recorder;
  const saved = recording === null ? undefined : whole.get(recording);
  return saved !== undefined && (await stands(saved)) ? saved : saveRecording(services);
}

/** Where it stands now; null: the user chose no place. */
async function saveRecording({ context, recorder, sessions }: Services): Promise<vscode.Uri | null> {
  const { recording } = recorder;
  const profile = recording?.profile() ?? null;
  if (recording === null || profile === null)
    throw new UserError(t("There is no recording to save."), t("Start one with Darcy: Profile Node Server…"));
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(
      vscode.Uri.file(recording.options.cwd),
      fileNameOf(recording.title, profile),
    ),
    filters: { [t("Darcy recording")]: ["darcy"] },
    title: t("Save Recording"),
  });
  if (target === undefined) return null;
  const [{ writeProfile }, { resolveSources }, { frontInThread }] = await Promise.all([
    import("../collector/profileFile.ts"),
    import("../sources/resolve.ts"),
    import("../recording/analysis/analysis.ts"),
  ]);
  const thread = analysisThread(context.extensionUri);
  const ended = !recording.active;
  await cancellable(t("Darcy: saving {0}", basename(target.fsPath)), async (signal) => {
    const resolved = await resolveSources(recording.profile() ?? profile);
    const fault = (error: unknown) => log().warn(`${target.fsPath} has no front: ${errorText(error)}`);
    await writeProfile(
      target.fsPath,
      resolved,
      (packed) => frontInThread(thread, packed, fault, signal),
      signal,
    );
  });
  if (ended) whole.set(recording, target);
  sessions.remember(target);
  return target;
}

/** What a recording's file is called until somebody calls it otherwise. */
export function fileNameOf(title: string, { startedAt }: Profile): string {
  const stamp = startedAt.slice(0, 16).replaceAll(":", "").replace("T", "-");
  return `${title.replace(/[^\p{L}\p{N}._-]+/gu, "-")}-${stamp}.darcy`;
}

async function stands(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
