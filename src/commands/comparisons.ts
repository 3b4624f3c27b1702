// Commands: two saved recordings held against each other, from the tree, a panel or, asked which, from the palette.

import { basename } from "node:path";
import type * as vscode from "vscode";
import { cancellable } from "../common/cancellable.ts";
import { t } from "../model/l10n.ts";
import { analysisThread } from "../recording/analysis/threadFile.ts";
import type { Services } from "../services.ts";
import { isLive, sessionFrom, uriOf } from "./chooseSession.ts";
import { savedRecording } from "./saveRecording.ts";
import { setBaseline } from "./sessions.ts";

/** @param word the new one, or the tree's node of the panel's; or, with two nodes selected in the tree, both */
export async function compareSessions(services: Services, word?: unknown, words?: unknown): Promise<void> {
  if (isLive(word)) return compareRecording(services);
  const selected = Array.isArray(words) ? words.flatMap((each) => uriOf(each) ?? []) : [];
  if (selected.length === 2) return showInOrder(services, selected as [vscode.Uri, vscode.Uri]);
  const one = await sessionFrom(services, word, t("Compare which recording?"));
  if (one === null) return;
  const other = await sessionFrom(
    services,
    undefined,
    t("Compare {0} with which one?", basename(one.fsPath)),
    one,
  );
  if (other !== null) await showInOrder(services, [other, one]);
}

/** The baseline stands first, else the older one; one that can't be read stays where it is, and says why in the view. */
async function showInOrder(services: Services, [a, b]: readonly [vscode.Uri, vscode.Uri]): Promise<void> {
  const { sessions } = services;
  const started = (uri: vscode.Uri) => startOf(services, uri).catch(() => null);
  const [first, second] = [await started(a), await started(b)];
  const swaps =
    sessions.isBaseline(b) || (!sessions.isBaseline(a) && (first ?? "") > (second ?? first ?? ""));
  await (swaps ? showComparison(services, b, a) : showComparison(services, a, b));
}

export async function compareWithBaseline(services: Services, word?: unknown): Promise<void> {
  // There is none yet: then it is the first question.
  if (services.sessions.baseline === null) await setBaseline(services);
  const { baseline } = services.sessions;
  if (baseline === null) return;
  const after = await sessionFrom(services, word, t("Compare which recording with the baseline?"), baseline);
  if (after !== null) await showComparison(services, baseline, after);
}

/** The recording of the panel: a comparison reads files, so it is saved first. */
export async function compareRecording(services: Services): Promise<void> {
  const saved = await savedRecording(services);
  if (saved !== null) await compareSessions(services, saved);
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
  { context, documents }: Services,
  before: vscode.Uri,
  after: vscode.Uri,
): Promise<void> {
  const names = `${basename(before.fsPath, ".darcy")} → ${basename(after.fsPath, ".darcy")}`;
  const { askOnce } = await import("../recording/analysis/analysis.ts");
  const ask = { before: before.fsPath, after: after.fsPath, reader: "review" } as const;
  const markdown = await cancellable(t("Darcy: comparing {0}", names), (signal) =>
    askOnce(analysisThread(context.extensionUri), "comparedText", ask, signal),
  );
  await documents.show(names, `# ${names}\n\n${markdown}`);
}
