// Commands: a recording, or a comparison, written for other tools, for any browser, for a ticket.

import { basename } from "node:path";
import * as vscode from "vscode";
import { cancellable } from "../common/cancellable.ts";
import { errorText, UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import type { Stored } from "../recording/analysis/messages.ts";
import { analysisThread } from "../recording/analysis/threadFile.ts";
import { recordingName } from "../recording/recordingName.ts";
import type { Services } from "../services.ts";
import { isLive, sessionFrom } from "./chooseSession.ts";
import { homeOf } from "./saveKept.ts";

const exportKinds = () =>
  [
    { label: t("Web page"), format: "html", detail: t("The panel in one file, for any browser") },
    { label: "Markdown", format: "markdown", detail: t("For a pull request or a ticket") },
    { label: "pprof", format: "pprof", detail: "pprof, speedscope, Grafana, Datadog" },
    { label: "speedscope", format: "speedscope", detail: "speedscope.app" },
    {
      label: t("V8 heap profile"),
      format: "heapprofile",
      detail: t("Allocation: VS Code, Chrome's developer tools"),
    },
    { label: t("Collapsed stacks"), format: "collapsed", detail: t("flamegraph.pl and others") },
  ] as const;

export async function exportSession(services: Services, word?: unknown): Promise<void> {
  if (isLive(word)) return exportRecording(services);
  const uri = await sessionFrom(services, word, t("Export which recording?"));
  if (uri === null) return;
  await exportAs(services, uri, async () => ({ file: uri.fsPath }));
}

/** The recording of the panel, as far as it has come. */
export async function exportRecording(services: Services): Promise<void> {
  const { recording } = services.recorder;
  const profile = recording?.profile() ?? null;
  if (recording === null || profile === null)
    throw new UserError(
      t("There is no recording to export."),
      t("Start one with Darcy: Profile Node Server…"),
    );
  const place = vscode.Uri.joinPath(
    vscode.Uri.file(recording.options.cwd),
    recordingName(recording.title, profile.startedAt),
  );
  await exportAs(services, place, async (signal) => {
    const [{ resolveSources }, { packProfile }] = await Promise.all([
      import("../sources/resolve.ts"),
      import("../collector/packProfile.ts"),
    ]);
    return { packed: await packProfile(await resolveSources(recording.profile() ?? profile), signal) };
  });
}

/** @param from where the recording stands, or would stand */
async function exportAs(
  services: Services,
  from: vscode.Uri,
  stored: (signal: AbortSignal) => Promise<Stored>,
): Promise<void> {
  const picked = await vscode.window.showQuickPick(exportKinds(), {
    title: t("Export As"),
    matchOnDetail: true,
  });
  if (picked === undefined) return;
  const { format } = picked;
  const name = basename(from.fsPath);
  const [{ exportName }, { askOnce }] = await Promise.all([
    import("../sessions/exportName.ts"),
    import("../recording/analysis/analysis.ts"),
  ]);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(await homeOf(services, from), exportName(name, format)),
    title: t("Export Recording"),
  });
  if (target === undefined) return;
  const { context } = services;
  const distFolder = distOf(context);
  await write(target, async (signal) =>
    askOnce(
      analysisThread(context.extensionUri),
      "exported",
      { recording: await stored(signal), format, name, distFolder },
      signal,
    ),
  );
  await offer(target, format === "html");
}

/** Two recordings side by side, as one page. */
export async function exportComparison(
  services: Services,
  before: vscode.Uri,
  after: vscode.Uri,
): Promise<void> {
  const files = [before, after].map(({ fsPath }) => basename(fsPath, ".darcy"));
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(await homeOf(services, after), `${files.join("-to-")}.html`),
    filters: { [t("Web page")]: ["html"] },
    title: t("Export Comparison"),
  });
  if (target === undefined) return;
  const { askOnce } = await import("../recording/analysis/analysis.ts");
  const { context } = services;
  const distFolder = distOf(context);
  await write(target, (signal) =>
    askOnce(
      analysisThread(context.extensionUri),
      "comparedPage",
      { before: before.fsPath, after: after.fsPath, distFolder },
      signal,
    ),
  );
  await offer(target, true);
}

function distOf({ extensionUri }: Services["context"]): string {
  return vscode.Uri.joinPath(extensionUri, "dist").fsPath;
}

/** Once there is all of it: what was canceled leaves no file. */
async function write(target: vscode.Uri, bytes: (signal: AbortSignal) => Promise<Uint8Array>): Promise<void> {
  const all = await cancellable(t("Darcy: exporting {0}", basename(target.fsPath)), bytes);
  // Whole or not at all, which a file system of another extension has its own way for.
  if (target.scheme !== "file") return vscode.workspace.fs.writeFile(target, all);
  const { writeWhole } = await import("../collector/writeWhole.ts");
  return writeWhole(target.fsPath, [all]).catch((error: unknown) => {
    throw new UserError(
      t("{0} could not be written: {1}.", target.fsPath, errorText(error)),
      t("Choose another place."),
      { cause: error },
    );
  });
}

async function offer(target: vscode.Uri, page: boolean): Promise<void> {
  const button = page ? t("Open in Browser") : t("Open");
  const answer = await vscode.window.showInformationMessage(
    t("Exported to {0}.", vscode.workspace.asRelativePath(target)),
    button,
  );
  if (answer !== button) return;
  if (page) await vscode.env.openExternal(target);
  else await vscode.commands.executeCommand("vscode.open", target);
}
