// Commands: every command with its file, complete by its type.

import * as vscode from "vscode";
import { COMMANDS, type CommandId, LINK_COMMANDS } from "../contributions.ts";
import type { Services } from "../services.ts";
import { driveLoad } from "./driveLoad.ts";
import { openLocation } from "./openLocation.ts";
import { profile } from "./profile.ts";
import { shown } from "./showError.ts";

export function registerCommands(services: Services): vscode.Disposable[] {
  const { recorder, annotations, panel } = services;
  const bodies: Record<CommandId, (word?: unknown) => Promise<void> | void> = {
    [COMMANDS.profile]: (wanted) => profile(services, wanted),
    [COMMANDS.stop]: () => recorder.stop(),
    [COMMANDS.openPanel]: () => panel.show(),
    [COMMANDS.driveLoad]: (wanted) => driveLoad(services, wanted),
    [COMMANDS.toggleAnnotations]: () => annotations.toggle(),
    [COMMANDS.clearAnnotations]: () => annotations.clear(),
    [LINK_COMMANDS.openLocation]: openLocation,
    [LINK_COMMANDS.showInPanel]: () => panel.show(),
  };
  return Object.entries(bodies).map(([id, body]) => vscode.commands.registerCommand(id, shown(body)));
}
