// Commands: what can be done with saved recordings, from the tree or, asked which, from the palette.

import { basename } from "node:path";
import * as vscode from "vscode";
import { VIEWS } from "../contributions.ts";
import { t } from "../model/l10n.ts";
import type { Services } from "../services.ts";
import { sessionFrom, uriOf } from "./chooseSession.ts";
import { saveKept } from "./saveKept.ts";

/** @param word the tree's node, or a path from another extension */
export async function openSession(services: Services, word?: unknown): Promise<void> {
  const uri = await sessionFrom(services, word, t("Open which recording?"));
  if (uri === null) return;
  services.sessions.remember(uri);
  await vscode.commands.executeCommand("vscode.openWith", uri, VIEWS.savedProfile);
}

/** What the keys of the tree send: what is selected there. */
const SELECTION = "selection";

/** Null: it came from elsewhere. */
function pointedAt({ selected }: Services, word: unknown): vscode.Uri[] | null {
  return word === SELECTION ? selected().flatMap((node) => uriOf(node) ?? []) : null;
}

export async function renameSession(services: Services, word?: unknown): Promise<void> {
  // What nobody has saved has no name of its own yet: its menu has no renaming either.
  const pointed = pointedAt(services, word)?.filter((uri) => !services.sessions.isUnsaved(uri));
  if (pointed?.length === 0) return;
  const uri = await sessionFrom(services, pointed?.[0] ?? word, t("Rename which recording?"));
  if (uri === null) return;
  const old = basename(uri.fsPath, ".darcy");
  const name = await vscode.window.showInputBox({
    title: t("Rename Recording"),
    value: old,
    valueSelection: [0, old.length],
    validateInput: async (text) => {
      if (text.trim() === "" || /[\\/:*?"<>|]/.test(text))
        return t("A file name, without {0}", '/ \\ : * ? " < > |');
      const taken = text.trim() === old ? null : await services.sessions.takenBy(uri, text.trim());
      return taken === null ? null : t("There is a {0} already.", taken);
    },
  });
  if (name === undefined || name.trim() === old) return;
  await services.sessions.rename(uri, name.trim());
}

export async function deleteSession(services: Services, word?: unknown, words?: unknown): Promise<void> {
  const pointed = pointedAt(services, word);
  if (pointed?.length === 0) return;
  const several = pointed ?? (Array.isArray(words) ? words.flatMap((each) => uriOf(each) ?? []) : []);
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
  if (uri === null) return;
  // One that can't be read says so now, not when something is compared with it.
  await services.sessions.summary(uri);
  // What nobody has saved does not stay.
  const stays = services.sessions.isUnsaved(uri) ? await saveKept(services, uri) : uri;
  if (stays !== null) await services.sessions.setBaseline(stays);
}
