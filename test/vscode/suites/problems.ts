// VS Code tests: what goes wrong with a server is said, with its cause and its remedy, and can be gone on from.

import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import * as vscode from "vscode";
import { COMMANDS } from "../../../src/contributions.ts";
import type { DarcyApi } from "../../../src/extension.ts";
import { extension, isAlive, phase, until, workspaceFile } from "./darcy.ts";

const run = (id: string, ...words: unknown[]) => vscode.commands.executeCommand(id, ...words);

describe("a server that can't be measured", () => {
  let api: DarcyApi;
  let busy: Server;

  before(async () => {
    api = await extension().activate();
    busy = createServer().listen(0);
    await once(busy, "listening");
  });
  after(async () => {
    await run(COMMANDS.stop);
    busy.close();
  });

  it("whose port is in use", async () => {
    const { port } = busy.address() as AddressInfo;
    const source = `require("node:http").createServer().listen(${port});\n`;
    await vscode.workspace.fs.writeFile(workspaceFile("busy.js"), Buffer.from(source));
    await run(COMMANDS.profile, "npm run busy");
    const { error } = await phase(api, "error");
    assert.match(
      error?.message ?? "",
      new RegExp(`^tiny-shop: busy ended with code 1 .* port ${port}, .* in use\\.$`),
    );
    assert.match(error?.remedy ?? "", /End the program that uses it/);
    assert.equal(error?.action, "profile");
  });

  it("that is no Node process: the reason comes after a while, and Stop ends it", async () => {
    await run(COMMANDS.profile, "npm run idle");
    const { error } = await phase(api, "error");
    assert.match(
      error?.message ?? "",
      /^No Node process of `.*npm run idle` has reported within 15 s\. Of Node, only npm run idle runs/,
    );
    assert.equal(error?.action, "stop");
    assert.equal(vscode.tasks.taskExecutions.length, 1);
    await run(COMMANDS.stop);
    const { phase: now, error: none } = api.state();
    assert.deepEqual([now, none], ["stopped", null]);
    assert.equal(vscode.tasks.taskExecutions.length, 0);
  });

  it("whose script is not there: nothing is started for it", async () => {
    await run(COMMANDS.profile, "Missing");
    const { error } = await phase(api, "error");
    assert.match(error?.message ?? "", /^The script .*gone\.js does not exist\.$/);
    assert.match(error?.remedy ?? "", /launch\.json/);
    assert.equal(vscode.tasks.taskExecutions.length, 0);
  });

  it("that ignores SIGTERM is said to be stopping, and is gone when it has stopped", async () => {
    await run(COMMANDS.profile, "npm run stubborn");
    const { report } = await phase(api, "waiting");
    const pids = (report?.workers ?? []).map(({ pid }) => pid);
    const stopped = run(COMMANDS.stop);
    await phase(api, "stopping");
    await stopped;
    assert.equal(api.state().phase, "stopped");
    for (const pid of pids) await until(`the end of ${pid}`, () => !isAlive(pid));
  });

  it("and the next one, from the current file, is measured as if nothing had been", async () => {
    await vscode.window.showTextDocument(workspaceFile("server.js"));
    await run(COMMANDS.profile, "server.js");
    const { title, error } = await phase(api, "waiting");
    assert.deepEqual({ title, error }, { title: "server.js", error: null });
  });

  it("two starts at once leave one recording", async () => {
    await run(COMMANDS.stop);
    await Promise.all([run(COMMANDS.profile, "npm run start"), run(COMMANDS.profile, "server.js")]);
    await phase(api, "waiting");
    assert.equal(vscode.tasks.taskExecutions.length, 1);
  });
});
