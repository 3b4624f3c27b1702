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

  const execution = (task: string) => vscode.tasks.taskExecutions.find(({ task: { name } }) => name === task);
  const refused = async (name: string) => {
    const before = api.state();
    let over = false;
    const command = run(COMMANDS.profile, name).then(() => {
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
  };

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
    await refused("Fails first");
  });

  it("whose task fails starts it all the same, where that is what they say", async () => {
    await onTaskErrors("debugAnyway");
    await run(COMMANDS.profile, "Fails first");
    assert.equal((await phase(api, "waiting")).title, "Fails first");
    await run(COMMANDS.stop);
  });

  it("whose task is ended in its terminal starts no server", async () => {
    const before = api.state();
    const command = run(COMMANDS.profile, "Waits for ever");
    const started = await until("the task runs", () => execution("stands still"));
    started.terminate();
    await command;
    assert.deepEqual([api.state().title, api.state().phase], [before.title, before.phase]);
    assert.equal(vscode.tasks.taskExecutions.length, 0);
  });

  it("waits for its background task until that one's problem matcher says that it is ready", async () => {
    await vscode.workspace.fs.delete(workspaceFile("go.txt")).then(undefined, () => undefined);
    const before = (await steps()).length;
    let over = false;
    const command = run(COMMANDS.profile, "Watched and built").then(() => {
      over = true;
    });
    await until("it watches", async () => (await steps()).length > before);
    assert.equal(over, false);
    await vscode.workspace.fs.writeFile(workspaceFile("go.txt"), new Uint8Array());
    await command;
    assert.deepEqual((await steps()).slice(before), ["watch begins", "watch is ready", "build"]);
    await phase(api, "waiting");
    await run(COMMANDS.stop);
    assert.ok(execution("watch"), "the watcher goes on");
  });

  it("does not start a background task that runs already", async () => {
    const before = (await steps()).length;
    await run(COMMANDS.profile, "Watched");
    await phase(api, "waiting");
    await run(COMMANDS.stop);
    assert.equal((await steps()).length, before);
    execution("watch")?.terminate();
    await until("the watcher has ended", () => execution("watch") === undefined);
  });

  it("whose background task ends by itself starts no server, where that is what they say", async () => {
    await onTaskErrors("abort");
    await refused("Watcher dies");
  });

  it("runs the default build task", async () => {
    const before = (await steps()).length;
    await run(COMMANDS.profile, "Default build");
    await phase(api, "waiting");
    await run(COMMANDS.stop);
    assert.deepEqual((await steps()).slice(before), ["after"]);
  });

  it("that is a line for a terminal runs in a shell", async () => {
    await run(COMMANDS.profile, "Line");
    assert.equal((await phase(api, "waiting")).title, "Line");
    await run(COMMANDS.stop);
  });
});
