// VS Code tests: tasks of type "darcy": which are offered, and that one records.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { readProfile } from "../../../src/collector/profileFile.ts";
import { TASK_TYPE } from "../../../src/contributions.ts";
import { extension, workspaceFile } from "./darcy.ts";

describe("tasks of Darcy's type", () => {
  before(() => extension().activate());

  const offered = () => vscode.tasks.fetchTasks({ type: TASK_TYPE });

  it("are offered for scripts that start a server, and those of tasks.json are there", async () => {
    const names = (await offered()).map(({ name }) => name).sort();
    assert.deepEqual(names, ["measure the shop", "nothing to measure", "record start"]);
  });

  it("one records the server, and ends with the recording's file", async () => {
    assert.equal(await run("measure the shop"), 0);
    const { windows, workers } = await readProfile(workspaceFile("task.darcy").fsPath);
    assert.ok(windows.some(({ requests }) => requests.some(([, count]) => count > 0)));
    assert.equal(workers.filter(({ role }) => role === "peer").length, 1);
    await vscode.workspace.fs.delete(workspaceFile("task.darcy"));
  });

  it("one that can't run says why and fails", async () => {
    assert.equal(await run("nothing to measure"), 2);
  });

  async function run(name: string): Promise<number | undefined> {
    const task = (await offered()).find((each) => each.name === name);
    assert.ok(task, name);
    return new Promise((done, fail) => {
      const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== name) return;
        listener.dispose();
        done(exitCode);
      });
      vscode.tasks.executeTask(task).then(undefined, fail);
    });
  }
});
