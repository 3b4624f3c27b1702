// Commands: what can be done with saved recordings, from the tree or, asked which, from the palette.

import { basename } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { VIEWS } from "../contributions.ts";
import { t } from "../model/l10n.ts";
import type { Services } from "../services.ts";

/** @param word the tree's node, or a path from another extension */
export async function openSession(services: Services, word?: unknown): Promise<void> {
  const uri = await sessionFrom(services, word, t("Open which recording?"));
  if (uri === null) return;
  services.sessions.remember(uri);
  await vscode.commands.executeCommand("vscode.openWith", uri, VIEWS.savedProfile);
}

export async function renameSession(services: Services, word?: unknown): Promise<void> {
  const uri = await sessionFrom(services, word, t("Rename which recording?"));
  if (uri === null) return;
  const old = basename(uri.fsPath, ".darcy");
  const name = await vscode.window.showInputBox({
    title: t("Rename Recording"),
    value: old,
    valueSelection: [0, old.length],
    validateInput: (text) =>
      text.trim() === "" || /[\\/:*?"<>|]/.test(text)
        ? t("A file name, without {0}", '/ \\ : * ? " < > |')
        : null,
  });
  if (name === undefined || name.trim() === old) return;
  await services.sessions.rename(uri, name.trim());
}

export async function deleteSession(services: Services, word?: unknown, words?: unknown): Promise<void> {
  const several = Array.isArray(words) ? words.flatMap((each) => uriOf(each) ?? []) : [];
  const one = several.length > 0 ? null : await sessionFrom(services, word, t("Delete which recording?"));
  const uris = one === null ? several : [one];
  const [first] = uris;
  if (first === undefined) return;
  const what = uris.length === 1 ? basename(first.fsPath) : t("{0} recordings", uris.length);
  const button = t("Delete");
  const answer = await vscode.window.showWarningMessage(t("Delete {0}?", what), { modal: true }, button);
  if (answer !== button) return;
  for (const uri of uris) await services.sessions.delete(uri);
}

export async function setBaseline(services: Services, word?: unknown): Promise<void> {
  const uri = await sessionFrom(services, word, t("Which recording is the baseline?"));
  if (uri !== null) await services.sessions.setBaseline(uri);
}

/** @param word the new one; or, with two nodes selected in the tree, both */
export async function compareSessions(services: Services, word?: unknown, words?: unknown): Promise<void> {
  const selected = Array.isArray(words) ? words.flatMap((each) => uriOf(each) ?? []) : [];
  if (selected.length === 2) {
    const [a, b] = selected as [vscode.Uri, vscode.Uri];
    const [older, newer] = (await startOf(services, a)) <= (await startOf(services, b)) ? [a, b] : [b, a];
    return showComparison(services, older, newer);
  }
  const after = await sessionFrom(services, word, t("Compare which recording?"));
  if (after === null) return;
  const before = await sessionFrom(
    services,
    undefined,
    t("Compare {0} with which earlier one?", basename(after.fsPath)),
    after,
  );
  if (before !== null) await showComparison(services, before, after);
}

export async function compareWithBaseline(services: Services, word?: unknown): Promise<void> {
  const { baseline } = services.sessions;
  if (baseline === null)
    throw new UserError(t("No recording is the baseline yet."), t("Choose one: Darcy: Set as Baseline."));
  const after = await sessionFrom(services, word, t("Compare which recording with the baseline?"), baseline);
  if (after !== null) await showComparison(services, baseline, after);
}

async function startOf({ sessions }: Services, uri: vscode.Uri): Promise<string> {
  return (await sessions.summary(uri)).startedAt;
}

async function showComparison(
  { sessions, comparisons }: Services,
  before: vscode.Uri,
  after: vscode.Uri,
): Promise<void> {
  for (const uri of [before, after]) sessions.remember(uri);
  comparisons.show(before, after);
}

/** The same as a document, for a review or a ticket. */
export async function showAsMarkdown(
  { sessions, documents }: Services,
  before: vscode.Uri,
  after: vscode.Uri,
): Promise<void> {
  const names = `${basename(before.fsPath, ".darcy")} → ${basename(after.fsPath, ".darcy")}`;
  const markdown = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t("Darcy: comparing") },
    async () => {
      const [{ compareProfiles }, { formatComparisonMarkdown }] = await Promise.all([
        import("../model/compare/compare.ts"),
        import("../report/compareMarkdown.ts"),
      ]);
      const [old, now] = await Promise.all([sessions.read(before), sessions.read(after)]);
      return formatComparisonMarkdown(compareProfiles(old, now), { cwd: now.cwd });
    },
  );
  await documents.show(names, `# ${names}\n\n${markdown}`);
}

const exportKinds = () =>
  [
    { label: "pprof", format: "pprof", detail: "pprof, speedscope, Grafana, Datadog" },
    { label: "speedscope", format: "speedscope", detail: "speedscope.app" },
    {
      label: t("V8 heap profile"),
      format: "heapprofile",
      detail: t("Allocation: VS Code, Chrome's developer tools"),
    },
    { label: t("Collapsed stacks"), format: "collapsed", detail: t("flamegraph.pl and others") },
    { label: t("Web page"), format: "html", detail: t("The panel in one file, for any browser") },
    { label: "Markdown", format: "markdown", detail: t("For a pull request or a ticket") },
  ] as const;

export async function exportSession(services: Services, word?: unknown): Promise<void> {
  const uri = await sessionFrom(services, word, t("Export which recording?"));
  if (uri === null) return;
  const picked = await vscode.window.showQuickPick(exportKinds(), {
    title: t("Export As"),
    matchOnDetail: true,
  });
  if (picked === undefined) return;
  const { exportBytes, exportName } = await import("../sessions/exportSession.ts");
  const name = exportName(basename(uri.fsPath), picked.format);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(uri, "..", name),
    title: t("Export Recording"),
  });
  if (target === undefined) return;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t("Darcy: exporting") },
    async () => {
      const { fsPath: dist } = vscode.Uri.joinPath(services.context.extensionUri, "dist");
      const bytes = await exportBytes(
        await services.sessions.read(uri),
        picked.format,
        basename(uri.fsPath),
        dist,
      );
      await vscode.workspace.fs.writeFile(target, bytes);
    },
  );
  const button = picked.format === "html" ? t("Open in Browser") : t("Open");
  const answer = await vscode.window.showInformationMessage(
    t("Exported to {0}.", vscode.workspace.asRelativePath(target)),
    button,
  );
  if (answer !== button) return;
  if (picked.format === "html") await vscode.env.openExternal(target);
  else await vscode.commands.executeCommand("vscode.open", target);
}

/** Of a tree's node, or of a path; null: neither. */
function uriOf(word: unknown): vscode.Uri | null {
  if (typeof word === "string") return vscode.Uri.file(word);
  if (word instanceof vscode.Uri) return word;
  if (typeof word !== "object" || word === null || !("uri" in word)) return null;
  return word.uri instanceof vscode.Uri ? word.uri : null;
}

async function sessionFrom(
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
  const items = files.map((uri) => ({
    label: basename(uri.fsPath, ".darcy"),
    description: `${sessions.isBaseline(uri) ? `${t("baseline")}, ` : ""}${vscode.workspace.asRelativePath(uri)}`,
    uri,
  }));
  return (
    (await vscode.window.showQuickPick(items, { title: question, matchOnDescription: true }))?.uri ?? null
  );
}
