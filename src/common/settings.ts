// Front: reads the user's settings, typed and within their bounds.

import * as vscode from "vscode";
import { SETTING_DEFAULTS, type Settings } from "../contributions.ts";
import { TOPOLOGIES } from "../protocol/sessionFile.ts";

const BOUNDS = {
  "darcy.workers": [0, 64],
  "darcy.stacksPerSecond": [10, 1_000],
  "darcy.annotations.top": [1, 200],
  "darcy.annotations.leastMicros": [0, 1_000_000],
} as const;

/** The value now, of the folder that `resource` is in; one of a wrong type counts as not set, one out of bounds is brought to the bound. */
export function setting<K extends keyof Settings>(key: K, resource?: vscode.Uri): Settings[K] {
  const value: unknown = vscode.workspace.getConfiguration(undefined, resource).get(key);
  return checked(key, value) ? bounded(key, value) : SETTING_DEFAULTS[key];
}

function checked<K extends keyof Settings>(key: K, value: unknown): value is Settings[K] {
  if (key === "darcy.topology") return (TOPOLOGIES as readonly unknown[]).includes(value);
  return typeof value === typeof SETTING_DEFAULTS[key];
}

function bounded<K extends keyof Settings>(key: K, value: Settings[K]): Settings[K] {
  const bounds = (BOUNDS as Partial<Record<string, readonly [number, number]>>)[key];
  if (bounds === undefined || typeof value !== "number") return value;
  const whole = Number.isFinite(value) ? Math.round(value) : (SETTING_DEFAULTS[key] as number);
  return Math.min(bounds[1], Math.max(bounds[0], whole)) as Settings[K];
}

export function onDidChangeSetting(key: keyof Settings, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(key)) listener();
  });
}

/** Where it is set: the workspace's value hides the user's. */
export async function changeSetting<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void> {
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const configuration = vscode.workspace.getConfiguration();
  const inWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  await configuration.update(key, value, inWorkspace ? Workspace : Global);
}
