// Commands: Darcy: Open Panel: of this window's recording or, before there is one, of the one that the window showed before it closed
// or reloaded.

import * as vscode from "vscode";
import { VIEWS } from "../contributions.ts";
import type { Services } from "../services.ts";

export async function openPanel(services: Services): Promise<void> {
  const { panel } = services;
  if (panel.isOpen || !(await openLeft(services, {}))) panel.show(null, true);
  else panel.closeUnrestored();
}

/** False: there is none, or there is one of this window. */
export async function openLeft(
  { recorder, keeper }: Pick<Services, "recorder" | "keeper">,
  place: vscode.TextDocumentShowOptions,
): Promise<boolean> {
  if (recorder.recording !== null) return false;
  const left = await keeper.findLeft();
  // One may have begun meanwhile.
  if (left === null || recorder.recording !== null) return false;
  await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(left), VIEWS.savedProfile, place);
  return true;
}
