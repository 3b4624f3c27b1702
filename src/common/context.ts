// Front: sets the context keys that menus and the palette look at.

import * as vscode from "vscode";
import type { ContextKeys } from "../contributions.ts";

const known = new Map<keyof ContextKeys, ContextKeys[keyof ContextKeys]>();

/** Of the same value nobody is told again: each time would be a message to the window. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void vscode.commands.executeCommand("setContext", key, value);
}
