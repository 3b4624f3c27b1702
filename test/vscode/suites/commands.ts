// VS Code tests: activation, and what the extension contributes.

import assert from "node:assert/strict";
import fs from "node:fs";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, LINK_COMMANDS, SETTING_DEFAULTS, VIEWS } from "../../../src/contributions.ts";
import { extension, until, workspaceFile } from "./darcy.ts";

describe("the extension", () => {
  it("is not active before it is asked for", () => {
    assert.equal(extension().isActive, false);
  });

  it("is not activated by code that is opened, nor by its code lenses being on", async () => {
    const configuration = vscode.workspace.getConfiguration("darcy.codeLens");
    await configuration.update("enabled", true, vscode.ConfigurationTarget.Global);
    try {
      const document = await vscode.workspace.openTextDocument(workspaceFile("server.js"));
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("vscode.executeCodeLensProvider", document.uri);
      assert.equal(extension().isActive, false);
    } finally {
      await configuration.update("enabled", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("loads its small bundle at activation, the rest by a command, and reads nothing of the workspace", async () => {
    const read: string[] = [];
    const restore = watchReads(workspaceFile().fsPath, read);
    try {
      await extension().activate();
      assert.deepEqual(loadedBundles(), ["extension.js"]);
      await vscode.commands.executeCommand(COMMANDS.clearAnnotations);
      assert.deepEqual(loadedBundles(), ["extension.js", "parts.js"]);
    } finally {
      restore();
    }
    assert.deepEqual(read, []);
  });

  it("registers every command", async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    for (const id of [...Object.values(COMMANDS), ...Object.values(LINK_COMMANDS)])
      assert.ok(known.has(id), id);
  });

  it("has the defaults that its code falls back to", () => {
    for (const [key, value] of Object.entries(SETTING_DEFAULTS)) {
      assert.deepEqual(vscode.workspace.getConfiguration().inspect(key)?.defaultValue, value, key);
    }
  });

  it("toggles the marks where the workspace says whether there are any", async () => {
    const { Workspace, Global } = vscode.ConfigurationTarget;
    const inspect = () => vscode.workspace.getConfiguration().inspect("darcy.annotations.enabled");
    const set = (value: boolean | undefined, target: vscode.ConfigurationTarget) =>
      vscode.workspace.getConfiguration().update("darcy.annotations.enabled", value, target);
    await set(false, Workspace);
    try {
      await vscode.commands.executeCommand(COMMANDS.toggleAnnotations);
      assert.equal(inspect()?.workspaceValue, true);
      assert.equal(inspect()?.globalValue, undefined);
      await set(undefined, Workspace);
      await vscode.commands.executeCommand(COMMANDS.toggleAnnotations);
      assert.equal(inspect()?.globalValue, false);
    } finally {
      await set(undefined, Workspace);
      await set(undefined, Global);
    }
  });

  it("opens the panel beside the code, where the keyboard stays; it goes to a panel that is seen already", async () => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(workspaceFile("server.js")));
    const groups = () => vscode.window.tabGroups;
    const active = () => groups().activeTabGroup.activeTab;
    const isPanel = (tab: vscode.Tab | undefined) =>
      tab?.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(VIEWS.panel);
    const shown = () => groups().all.find(({ activeTab }) => isPanel(activeTab))?.activeTab;
    await vscode.commands.executeCommand(COMMANDS.openPanel);
    const panel = await until("the panel", shown);
    try {
      assert.ok(!isPanel(active()), "the keyboard stays in the code");
      await vscode.commands.executeCommand(COMMANDS.openPanel);
      await until("the keyboard in the panel", () => isPanel(active()));
    } finally {
      await groups().close(panel);
    }
  });

  it("shows nothing before a recording", () => {
    const { phase, report, error } = extension().exports.state();
    assert.deepEqual({ phase, report, error }, { phase: "idle", report: null, error: null });
  });
});

/** Of ours, those that this process has run. */
function loadedBundles(): string[] {
  const dist = vscode.Uri.joinPath(extension().extensionUri, "dist").fsPath;
  return Object.keys(require.cache)
    .filter((file) => dirname(file) === dist)
    .map((file) => basename(file))
    .sort();
}

/** VS Code's own extensions share the process: its npm one looks for lock files when it likes. */
function isOurs(): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 100;
  const { stack = "" } = new Error("who reads");
  Error.stackTraceLimit = stackTraceLimit;
  return stack.includes(join(extension().extensionPath, "dist"));
}

/** Notes what is read or looked at below a folder from now on. Returns what ends it. */
function watchReads(folder: string, read: string[]): () => void {
  const undo: (() => void)[] = [];
  const watch = (of: object, names: readonly string[]) => {
    const functions = of as Record<string, unknown>;
    for (const name of names) {
      const real = functions[name] as (...words: unknown[]) => unknown;
      functions[name] = (...words: unknown[]) => {
        if (String(words[0]).startsWith(folder) && isOurs()) read.push(`${name} ${String(words[0])}`);
        return Reflect.apply(real, of, words);
      };
      undo.push(() => {
        functions[name] = real;
      });
    }
  };
  watch(fs, ["readFileSync", "openSync", "statSync", "readdirSync", "readFile", "open"]);
  watch(fs.promises, ["readFile", "open", "stat", "readdir"]);
  return () => {
    for (const one of undo) one();
  };
}
