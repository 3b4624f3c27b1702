// VS Code tests: the main job through the commands: a real server is started, loaded, measured, marked, stopped.

import assert from "node:assert/strict";
import { connect } from "node:net";
import * as vscode from "vscode";
import { COMMANDS, LINK_COMMANDS } from "../../../src/contributions.ts";
import type { DarcyApi } from "../../../src/extension.ts";
import { extension, isAlive, phase, until, workspaceFile } from "./darcy.ts";

const run = (id: string, ...words: unknown[]) => vscode.commands.executeCommand(id, ...words);

describe("profiling a server", () => {
  let api: DarcyApi;
  let document: vscode.TextDocument;
  const file = () => workspaceFile("server.js").fsPath;
  const lineOf = (text: string) =>
    document
      .getText()
      .split("\n")
      .findIndex((line) => line.includes(text)) + 1;
  const markAt = (line: number) => api.marksIn(file()).find((mark) => mark.line === line - 1);

  before(async () => {
    api = await extension().activate();
    document = await vscode.workspace.openTextDocument(workspaceFile("server.js"));
    await vscode.window.showTextDocument(document);
  });
  after(() => run(COMMANDS.stop));

  it("starts a package.json script, on workers, in a terminal of its own", async () => {
    await run(COMMANDS.profile, "npm run start");
    const state = await phase(api, "waiting");
    assert.match(state.url ?? "", /^http:\/\/localhost:\d+$/);
    assert.equal(state.title, "tiny-shop: start");
    await until(
      "two workers",
      () => api.state().report?.workers.filter(({ role }) => role === "peer").length === 2,
    );
    assert.ok(
      vscode.window.terminals.some(({ name }) => name.includes("tiny-shop: start")),
      "a terminal",
    );
    const { calibration } = (await until("a report", () => api.state().report)) ?? {};
    assert.ok((calibration?.poolRoundTripMicros.median ?? 0) > 0, "calibrated");
  });

  it("measures under load: the costly lines are hotspots with their price", async () => {
    await run(COMMANDS.driveLoad, { method: "GET", path: "/", connections: 4, seconds: 3 });
    const { report } = await phase(api, "recording");
    assert.ok((report?.requests.total ?? 0) > 20, `${report?.requests.total} requests`);
    const at = (line: number, category: string) =>
      api
        .state()
        .report?.hotspots.find(
          (spot) => spot.file === file() && spot.line === line && spot.category === category,
        );
    const copy = await until("a copies hotspot", () => at(lineOf("JSON.stringify"), "copies"));
    const bytes = Buffer.byteLength(
      JSON.stringify(Array.from({ length: 400 }, (_, id) => ({ id, name: `item ${id}`, price: id * 3 }))),
    );
    assert.ok(
      Math.abs((copy.perRequest ?? 0) / bytes - 1) < 0.1,
      `${copy.perRequest} of ${bytes} bytes a request`,
    );
    assert.ok((copy.impactMicrosPerRequest ?? 0) > 0);
    const job = await until("a switches hotspot", () => at(lineOf("await readFile"), "switches"));
    assert.ok((job.perRequest ?? 0) >= 2, `${job.perRequest} hand-offs a request`);
  });

  it("answers of the load that are errors are told of", async () => {
    await run(COMMANDS.driveLoad, { method: "GET", path: "/missing?token=1", connections: 2, seconds: 1 });
    const { text } = await until("a notice", () =>
      api.state().report?.notices.find(({ code }) => code === "load-not-2xx"),
    );
    assert.match(text, /^Of (\d+) answers to the load \(GET \/missing\), \1 were not 2xx: /);
  });

  it("marks the lines, with a hover that has figures and certainty", async () => {
    const mark = await until("a mark", () => markAt(lineOf("JSON.stringify")));
    assert.match(mark.text, /^[\d.,]+ µs\/req, /);
    assert.match(mark.hover, /\*\*Copies/);
    assert.match(mark.hover, /% of all copied bytes/);
    assert.match(mark.hover, /command:darcy\.showInPanel/);
    assert.equal(mark.faded, false);
    assert.match((await until("a second mark", () => markAt(lineOf("await readFile")))).text, /µs\/req/);
  });

  it("explains a marked line in a document; a line that is not measured is none", async () => {
    const copies = lineOf("JSON.stringify");
    await run(LINK_COMMANDS.explain, { file: file(), line: copies });
    const named = (name: string) =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "darcy" && uri.path.includes(name));
    const text = (await until("its explanation", () => named(`server.js:${copies}`))).getText();
    assert.match(text, /## Copies: [\d.,]+ µs\/req processor/);
    assert.match(text, /`JSON\.stringify` \(serialise\)/);
    assert.match(text, /The heaviest stack, innermost first:/);
    for (const word of [{ file: "/etc/passwd", line: 1 }, "server.js", null, { file: file(), line: "8" }])
      await run(LINK_COMMANDS.explain, word);
    assert.equal(named("passwd"), undefined);
    // It stands before the code.
    await vscode.window.showTextDocument(document);
  });

  it("has no code lens until it is asked for, then one above each hot function", async () => {
    const lenses = async () =>
      (
        await vscode.commands.executeCommand<vscode.CodeLens[]>(
          "vscode.executeCodeLensProvider",
          document.uri,
          50,
        )
      ).filter(({ command }) => command?.command === LINK_COMMANDS.showInPanel);
    assert.deepEqual(await lenses(), []);
    const configuration = vscode.workspace.getConfiguration("darcy.codeLens");
    await configuration.update("enabled", true, vscode.ConfigurationTarget.Global);
    try {
      let found = await lenses();
      const deadline = Date.now() + 60_000;
      while (found.length === 0 && Date.now() < deadline) found = await lenses();
      const line = lineOf("list(");
      const lens = found.find(({ range }) => range.start.line === line - 1);
      assert.ok(lens, `a lens at line ${line}, not at ${found.map(({ range }) => range.start.line + 1)}`);
      assert.match(lens.command?.title ?? "", /^\$\(pulse\) [\d.,]+ µs\/req/);
    } finally {
      await configuration.update("enabled", undefined, vscode.ConfigurationTarget.Global);
    }
    assert.deepEqual(await lenses(), []);
  });

  it("takes the mark off an edited line, and moves and fades those below", async () => {
    const copies = lineOf("JSON.stringify");
    const read = lineOf("await readFile");
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(copies - 1, 2), "/* edited */ ");
    edit.insert(document.uri, new vscode.Position(copies, 0), "  // a new line\n");
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until("no mark", () => markAt(copies) === undefined);
    assert.equal((await until("a moved mark", () => markAt(read + 1))).faded, true);
    await run("workbench.action.files.revert");
    assert.equal((await until("its mark again, as the text is again", () => markAt(copies))).faded, false);
  });

  it("suppresses a line: its mark goes, its figures stay", async () => {
    const read = lineOf("await readFile");
    await until("its mark", () => markAt(read));
    // It ends when its message is answered.
    void run(LINK_COMMANDS.suppressHere, { file: file(), line: read });
    await until("no mark", () => markAt(read) === undefined);
    const { hotspots = [] } = api.state().report ?? {};
    assert.ok(
      hotspots.some(({ file: path, line }) => path === file() && line === read),
      "totals and the panel's report still have it",
    );
  });

  it("toggles and clears the marks", async () => {
    await run(COMMANDS.toggleAnnotations);
    await until("no marks", () => api.marksIn(file()).length === 0);
    await run(COMMANDS.toggleAnnotations);
    await until("marks", () => api.marksIn(file()).length > 0);
    await run(COMMANDS.clearAnnotations);
    await until("no marks", () => api.marksIn(file()).length === 0);
  });

  it("stops the load before its time is up: the recording goes on", async () => {
    const load = run(COMMANDS.driveLoad, { method: "GET", path: "/", connections: 4, seconds: 600 });
    await until("answers a second", () => (api.state().loadAnswers ?? 0) > 0);
    await run(COMMANDS.stopLoad);
    await load;
    const { phase: now, loadRunning, loadAnswers } = api.state();
    assert.deepEqual([now, loadRunning, loadAnswers], ["recording", false, undefined]);
  });

  it("stops: nothing of the server is left, the figures stay", async () => {
    const { url, report } = api.state();
    const pids = (report?.workers ?? []).map(({ pid }) => pid);
    assert.ok(pids.length >= 2);
    await run(COMMANDS.stop);
    const stopped = await phase(api, "stopped");
    assert.ok((stopped.report?.hotspots.length ?? 0) > 0);
    await until("the workers' end", () => pids.every((pid) => !isAlive(pid)));
    assert.equal(await answers(Number(new URL(url ?? "").port)), false);
  });

  it("ends the load with the server that ends by itself", async () => {
    await run(COMMANDS.profile, "npm run start");
    await phase(api, "waiting");
    const load = run(COMMANDS.driveLoad, { method: "GET", path: "/", connections: 4, seconds: 600 });
    await phase(api, "recording");
    const server = await until("the server", () => api.state().report?.workers.find(({ id }) => id === 0));
    assert.equal(api.state().loadRunning, true);
    process.kill(server.pid, "SIGKILL");
    await phase(api, "stopped");
    await load;
    assert.equal(api.state().loadRunning, false);
  });

  it("leaves one terminal: a run takes the place of the one before", () => {
    const ours = vscode.window.terminals.filter(({ name }) => name.includes("tiny-shop"));
    assert.equal(ours.length, 1);
  });

  it("says why, when the server ends before it listens", async () => {
    await run(COMMANDS.profile, "npm run broken");
    const { error } = await phase(api, "error");
    assert.match(error?.message ?? "", /^tiny-shop: broken ended with code 3 before it listened\.$/);
    assert.match(error?.remedy ?? "", /terminal/);
  });

  it("launches a launch.json configuration, and says so when no request came", async () => {
    await run(COMMANDS.profile, "Shop");
    await phase(api, "waiting");
    await run(COMMANDS.stop);
    const { title, error, report } = await phase(api, "stopped");
    assert.deepEqual([title, error, report?.requests.total], ["Shop", null, 0]);
  });
});

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}
