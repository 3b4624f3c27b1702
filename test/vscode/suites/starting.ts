// VS Code tests: other ways to a recording: a server that something else starts, one worker instead of several, and the
// topologies of a server compared.

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../../src/contributions.ts";
import type { DarcyApi } from "../../../src/extension.ts";
import { extension, isAlive, phase, until, workspaceFile } from "./darcy.ts";

const run = (id: string, ...words: unknown[]) => vscode.commands.executeCommand(id, ...words);
const posix = process.platform === "win32" ? it.skip : it;

describe("other ways to a recording", () => {
  let api: DarcyApi;
  let server: ChildProcess | undefined;

  before(async () => {
    api = await extension().activate();
  });
  after(async () => {
    server?.kill("SIGKILL");
    await run(COMMANDS.stop);
  });

  posix("the command line that came with the extension runs as it was copied", async () => {
    await run(COMMANDS.copyCommandLine, "terminal");
    const alias = await vscode.env.clipboard.readText();
    const command = execFileSync("/bin/bash", ["-c", `shopt -s expand_aliases\n${alias}\ndarcy --help`], {
      encoding: "utf8",
    });
    assert.match(command, /darcy record/);
    await run(COMMANDS.copyCommandLine, "mcp");
    const entry = JSON.parse(`{${await vscode.env.clipboard.readText()}}`) as {
      darcy: { command: string; args: string[] };
    };
    assert.deepEqual(entry.darcy.args.slice(1), ["mcp"]);
    assert.ok(existsSync(entry.darcy.args[0] ?? ""));
  });

  posix(
    "a server joins with the variables that were copied, and goes on when the recording ends",
    async () => {
      await run(COMMANDS.copyEnvironment, "terminal");
      const { title, external } = await phase(api, "starting");
      assert.deepEqual([title, external], ["External server", true]);
      const lines = await vscode.env.clipboard.readText();
      assert.match(lines, /^export DARCY_SESSION=\S+\nexport NODE_OPTIONS=/);
      await run(COMMANDS.copyEnvironment, "systemd");
      assert.match(await vscode.env.clipboard.readText(), /^\[Service\]\n/);
      const { NODE_OPTIONS: _options, ...environment } = process.env;
      server = spawn("/bin/sh", ["-c", `${lines}exec node server.js`], {
        cwd: workspaceFile().fsPath,
        env: environment,
        stdio: "ignore",
      });
      const { url } = await phase(api, "waiting");
      await until("a request of it", async () => {
        await (await fetch(url ?? "")).text();
        return api.state().phase === "recording";
      });
      await until("its figures", () => (api.state().report?.requests.total ?? 0) > 0);
      await run(COMMANDS.stop);
      await phase(api, "stopped");
      assert.ok(isAlive(server.pid ?? 0), "it goes on");
      assert.equal((await fetch(url ?? "")).status, 200);
      server.kill("SIGKILL");
      await once(server, "exit");
    },
  );

  posix("a server on a Unix socket is waited for and recorded, as one with a port", async () => {
    const socket = join(tmpdir(), `darcy-${process.pid}.sock`);
    const source = `require("node:http").createServer((q, s) => s.end("ok")).listen(${JSON.stringify(socket)});\n`;
    await vscode.workspace.fs.writeFile(workspaceFile("socket.js"), Buffer.from(source));
    await vscode.window.showTextDocument(workspaceFile("socket.js"));
    await run(COMMANDS.profile, "socket.js");
    const { url } = await phase(api, "waiting");
    assert.equal(url, null);
    await until("a request of it", async () => {
      await new Promise<void>((done) => {
        const request = http.get({ socketPath: socket, path: "/" }, (response) =>
          response.resume().on("end", done),
        );
        request.on("error", () => done());
      });
      return api.state().phase === "recording";
    });
    await run(COMMANDS.stop);
    await rm(socket, { force: true });
  });

  it("what was recorded on several workers is recorded again on one", async () => {
    await run(COMMANDS.profile, "npm run start");
    await phase(api, "waiting");
    const workers = () => api.state().report?.workers.filter(({ role }) => role === "peer").length;
    await until("two workers", () => workers() === 2);
    const before = api.state().url;
    await run(COMMANDS.recordSingle);
    const { title, url } = await phase(api, "waiting");
    await until("one worker", () => workers() === 1);
    assert.deepEqual([title, api.state().report?.topology], ["tiny-shop: start", "single"]);
    assert.notEqual(url, before);
  });

  it("a server that dies is told of, and its terminal is shown", async () => {
    const source = `let asked = 0;
require("node:http").createServer((q, s) => {
  s.end("ok");
  if (++asked > 20) setImmediate(() => { throw new Error("no more"); });
}).listen(0);
`;
    await vscode.workspace.fs.writeFile(workspaceFile("mortal.js"), Buffer.from(source));
    await vscode.window.showTextDocument(workspaceFile("mortal.js"));
    await run(COMMANDS.openPanel);
    await run(COMMANDS.profile, "mortal.js");
    const { url } = await phase(api, "waiting");
    // Each worker of the two dies of its own requests, and is started again; of one the server ends.
    await run(COMMANDS.recordSingle);
    const single = await until("another address", () => {
      const state = api.state();
      return state.phase === "waiting" && state.url !== url && state.url;
    });
    for (let n = 0; n <= 20; n++) await fetch(single).then((response) => response.text());
    await phase(api, "stopped");
    const { text } = await until("a notice", () =>
      api.state().report?.notices.find(({ code }) => code === "server-ended"),
    );
    assert.equal(text, "The server ended with code 1 while it was recorded. Its own output says why.");
    assert.match(vscode.window.activeTerminal?.name ?? "", /mortal\.js/);
  });

  it("what has been stopped and is about to end is waited for, and not asked about", async () => {
    await run(COMMANDS.profile, "npm run start");
    const { url: before } = await phase(api, "waiting");
    const stopped = run(COMMANDS.stop);
    assert.equal((await phase(api, "stopping")).url, before);
    await run(COMMANDS.profile, "npm run start");
    await stopped;
    assert.notEqual((await phase(api, "waiting")).url, before);
  });

  // Where something runs, it is asked whether to stop that.
  afterEach(() => run(COMMANDS.stop));

  posix("two topologies are compared, and shown in a document", async () => {
    await run(COMMANDS.compareTopologies, {
      target: "npm run start",
      topologies: ["handle", "rr"],
      path: "/",
      seconds: 1,
      rounds: 1,
    });
    const document = await until("the document", () =>
      vscode.workspace.textDocuments.find(
        ({ uri }) => uri.scheme === "darcy" && uri.path.includes("Topologies of"),
      ),
    );
    const text = document.getText();
    assert.match(
      text,
      /^# Topologies of tiny-shop: start\n\nGET `\/`, 20 connections, 1 s a run\. Topologies of 2 workers, 1 round/,
    );
    assert.match(text, /^\| {3}\| handle \| rr \| clearly best \|$/m);
    assert.match(text, /^\| requests a CPU second \| [\d,]+ \(.*\) \| [\d,]+ \(.*\) \| not clear \|$/m);
  });
});
