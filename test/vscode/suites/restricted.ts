// VS Code tests: Restricted Mode: nothing is launched, saved recordings open.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { COMMANDS, VIEWS } from "../../../src/contributions.ts";
import { extension, until, workspaceFile } from "./darcy.ts";

describe("Restricted Mode", () => {
  it("is on, and the extension still activates", async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  it("launches nothing, not even by a key binding", async () => {
    const before = vscode.tasks.taskExecutions.length;
    // They do not return before the user answers their messages.
    void vscode.commands.executeCommand(COMMANDS.profile, "npm run start");
    void vscode.commands.executeCommand(COMMANDS.copyEnvironment, "terminal");
    void vscode.commands.executeCommand(COMMANDS.recordSingle);
    void vscode.commands.executeCommand(COMMANDS.compareTopologies, {
      target: "npm run start",
      topologies: ["rr", "single"],
      path: "/",
      seconds: 1,
      rounds: 1,
    });
    // Commands run in order: when this one is done, the other has decided.
    await vscode.commands.executeCommand(COMMANDS.openPanel);
    assert.equal(extension().exports.state().phase, "idle");
    assert.equal(vscode.tasks.taskExecutions.length, before);
  });

  it("opens a saved recording", async () => {
    await vscode.commands.executeCommand("vscode.open", workspaceFile("saved.darcy"));
    const tab = await until(
      "its tab",
      () =>
        vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom &&
        vscode.window.tabGroups.activeTabGroup.activeTab,
    );
    assert.equal((tab.input as vscode.TabInputCustom).viewType, VIEWS.savedProfile);
  });
});
