// Commands: what Save in the panel does.

import { basename } from "node:path";
import * as vscode from "vscode";
import { cancellable } from "../common/cancellable.ts";
import { errorText, UserError } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { t } from "../model/l10n.ts";
import { analysisThread } from "../recording/analysis/threadFile.ts";
import type { Recording } from "../recording/recording.ts";
import { recordingName } from "../recording/recordingName.ts";
import type { Services } from "../services.ts";
import { uriOf } from "./chooseSession.ts";
import { saveKept } from "./saveKept.ts";

/** Of recordings that had ended when they were saved: these files hold all of them. */
const whole = new WeakMap<Recording, vscode.Uri>();

/** @param word the tree's node; left out: the panel's recording or, where there is none, one that nobody has saved */
export async function saveAndOffer(services: Services, word?: unknown): Promise<void> {
  const which = await whichOf(services, word);
  if (which === null) return;
  const target = await (which === "panel" ? saveRecording(services) : saveKept(services, which));
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
async function saveRecording({ context, recorder, keeper, sessions }: Services): Promise<vscode.Uri | null> {
  const { recording } = recorder;
  const profile = recording?.profile() ?? null;
  if (recording === null || profile === null)
    throw new UserError(t("There is no recording to save."), t("Start one with Darcy: Profile Node Server…"));
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(
      vscode.Uri.file(recording.options.cwd),
      recordingName(recording.title, profile.startedAt),
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
  if (ended) {
    whole.set(recording, target);
    await keeper.saved(recording, target.fsPath);
  }
  sessions.remember(target);
  return target;
}

/** Null: the user chose none. */
async function whichOf(services: Services, word: unknown): Promise<vscode.Uri | "panel" | null> {
  const { recorder, sessions, keeper } = services;
  const named = uriOf(word);
  if (named !== null && sessions.isUnsaved(named)) return named;
  if (recorder.recording !== null) return "panel";
  const items = (await keeper.files.list()).map((file) => ({ label: basename(file, ".darcy"), file }));
  if (items.length === 0) return "panel";
  const picked = await vscode.window.showQuickPick(items, { title: t("Save which recording?") });
  return picked === undefined ? null : vscode.Uri.file(picked.file);
}

async function stands(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
