// Front: sets the context keys that menus and the palette look at.

import * as vscode from "vscode";
import type { ContextKeys } from "../contributions.ts";

export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
