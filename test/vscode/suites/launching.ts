// VS Code tests: launch configurations: what is done before the server starts, and what the server is told.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { COMMANDS } from "../../../src/contributions.ts";
import type { DarcyApi } from "../../../src/extension.ts";
import { extension, phase, until, workspaceFile } from "./darcy.ts";

const run = (id: string, ...words: unknown[]) => vscode.commands.executeCommand(id, ...words);

describe("a launch configuration", () => {
  let api: DarcyApi;
  const steps = async () => {
    const bytes = await Promise.resolve(vscode.workspace.fs.readFile(workspaceFile("steps.txt"))).catch(
      () => new Uint8Array(),
    );
    return Buffer.from(bytes).toString().split("\n").filter(Boolean);
  };
  const onTaskErrors = (habit: string | undefined) =>
    vscode.workspace
      .getConfiguration("debug")
      .update("onTaskErrors", habit, vscode.ConfigurationTarget.Workspace);

  before(async () => {
    api = await extension().activate();
  });
  after(async () => {
    await run(COMMANDS.stop);
    await onTaskErrors(undefined);
  });

  it("runs its preLaunchTask to its end first, and what that depends on", async () => {
    // Another suite has launched one that builds first.
    const before = (await steps()).length;
    await run(COMMANDS.profile, "Told");
    assert.deepEqual((await steps()).slice(before), ["build", "after"]);
  });

  it("has its envFile's variables, its own over them, and none that it takes away", async () => {
    const { url } = await phase(api, "waiting");
    const answer = await fetch(url ?? "");
    assert.deepEqual(await answer.json(), {
      TOLD_FILE: "of the file\nwith two lines",
      TOLD_OWN: "of its own",
    });
    await run(COMMANDS.stop);
  });

  it("whose task fails starts no server, where that is what the user's settings say", async () => {
    await onTaskErrors("abort");
    const before = api.state();
    let over = false;
    const command = run(COMMANDS.profile, "Fails first").then(() => {
      over = true;
    });
    // It returns once its message is gone.
    await until("its message is gone", () => {
      void run("notifications.clearAll");
      return over;
    });
    await command;
    assert.deepEqual([api.state().title, api.state().phase], [before.title, before.phase]);
    assert.equal(vscode.tasks.taskExecutions.length, 0);
  });

  it("whose task fails starts it all the same, where that is what they say", async () => {
    await onTaskErrors("debugAnyway");
    await run(COMMANDS.profile, "Fails first");
    assert.equal((await phase(api, "waiting")).title, "Fails first");
    await run(COMMANDS.stop);
  });

  it("that is a line for a terminal runs in a shell", async () => {
    await run(COMMANDS.profile, "Line");
    assert.equal((await phase(api, "waiting")).title, "Line");
    await run(COMMANDS.stop);
  });
});
