// VS Code tests: activation, and what the extension contributes.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { COMMANDS, LINK_COMMANDS, SETTING_DEFAULTS } from "../../../src/contributions.ts";
import { extension } from "./darcy.ts";

describe("the extension", () => {
  it("is not active before it is asked for", () => {
    assert.equal(extension().isActive, false);
  });

  it("activates by a command and registers every command", async () => {
    await vscode.commands.executeCommand(COMMANDS.clearAnnotations);
    assert.equal(extension().isActive, true);
    const known = new Set(await vscode.commands.getCommands(true));
    for (const id of [...Object.values(COMMANDS), ...Object.values(LINK_COMMANDS)])
      assert.ok(known.has(id), id);
  });

  it("has the defaults that its code falls back to", () => {
    for (const [key, value] of Object.entries(SETTING_DEFAULTS)) {
      assert.deepEqual(vscode.workspace.getConfiguration().inspect(key)?.defaultValue, value, key);
    }
  });

  it("shows nothing before a recording", () => {
    const { phase, report, error } = extension().exports.state();
    assert.deepEqual({ phase, report, error }, { phase: "idle", report: null, error: null });
  });
});
