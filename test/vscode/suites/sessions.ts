// VS Code tests: saved recordings by commands: compared, a baseline set and cleared, opened.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import * as vscode from "vscode";
import { cancellable } from "../../../src/common/cancellable.ts";
import { COMMANDS, LINK_COMMANDS, TOOLS, VIEWS } from "../../../src/contributions.ts";
import { localCopy } from "../../../src/sessions/localCopy.ts";
import { CONTAINER } from "../container.ts";
import { extension, until, workspaceFile } from "./darcy.ts";

const run = (id: string, ...words: unknown[]) => vscode.commands.executeCommand(id, ...words);
const tabs = () => vscode.window.tabGroups.all.flatMap(({ tabs: each }) => each);

describe("saved recordings", () => {
  before(async () => {
    await extension().activate();
    await vscode.workspace.fs.copy(workspaceFile("saved.darcy"), workspaceFile("again.darcy"), {
      overwrite: true,
    });
  });
  after(() => vscode.workspace.fs.delete(workspaceFile("again.darcy")));

  const comparison = (before: string, after: string) =>
    until("the comparison", () =>
      extension()
        .exports.comparisons()
        .find(
          (state) => state.phase === "ready" && state.before.name === before && state.after.name === after,
        ),
    );

  it("two compare in a view of their own, the older one first", async () => {
    const nodes = ["saved.darcy", "again.darcy"].map((name) => ({ kind: "saved", uri: workspaceFile(name) }));
    await run(COMMANDS.compareSessions, nodes[0], nodes);
    const tab = await until("the comparison's tab", () => tabs().find(({ label }) => label.includes(" → ")));
    assert.ok(tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(VIEWS.compare));
    const [before, after] = tab.label.split(" → ");
    const { comparison: compared, choices } = await comparison(before ?? "", after ?? "");
    assert.ok(compared !== null && compared.hotspots.length > 0);
    assert.ok(
      compared.hotspots.every(({ verdict }) => verdict === "unclear"),
      "both are the same recording",
    );
    const names = choices.map(({ name }) => name);
    assert.ok(
      ["saved", "again"].every((name) => names.includes(name)),
      names.join(),
    );
    await vscode.window.tabGroups.close(tab);
    await until("its end", () => extension().exports.comparisons().length === 0);
  });

  it("one compares with the baseline; the same pair shows in the same tab", async () => {
    await run(COMMANDS.setBaseline, { kind: "saved", uri: workspaceFile("saved.darcy") });
    for (let times = 0; times < 2; times++)
      await run(COMMANDS.compareWithBaseline, { kind: "saved", uri: workspaceFile("again.darcy") });
    await comparison("saved", "again");
    const all = tabs().filter(({ label }) => label === "saved → again");
    assert.equal(all.length, 1);
    await vscode.window.tabGroups.close(all);
    await run(COMMANDS.clearBaseline);
  });

  it("one that cannot be read says so in the view", async () => {
    const [cut, again] = ["cut.darcy", "again.darcy"].map((name) => ({
      kind: "saved",
      uri: workspaceFile(name),
    }));
    // It is refused as a baseline; the message waits for its reader.
    void run(COMMANDS.setBaseline, cut);
    await run(COMMANDS.compareSessions, cut, [cut, again]);
    const { error } = await until("the error", () =>
      extension()
        .exports.comparisons()
        .find(({ phase }) => phase === "error"),
    );
    assert.match(error?.message ?? "", /cut/);
    await vscode.window.tabGroups.close(tabs().filter(({ label }) => label === "cut → again"));
  });

  it("language models are told what it holds, bounded, and what was wrong with what they asked", async () => {
    const names = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith("darcy_"));
    assert.deepEqual(names.sort(), Object.values(TOOLS).sort());
    const ask = async (name: string, input: object) => {
      const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
    };
    assert.match(
      await ask(TOOLS.listHotspots, { file: "saved.darcy" }),
      /^1\. .*server\.js:8 → JSON\.stringify/m,
    );
    assert.match(await ask(TOOLS.explainHotspot, { file: "saved.darcy", rank: 1 }), /Heaviest stack/);
    assert.match(
      await ask(TOOLS.compareRecordings, { before: "saved.darcy", after: "again.darcy" }),
      /No clear change/,
    );
    assert.match(await ask(TOOLS.listHotspots, { file: "gone.darcy" }), /does not exist/);
    assert.match(await ask(TOOLS.listHotspots, {}), /Nothing was recorded/);
  });

  it("a place of one from elsewhere is that of the workspace's file, and of nothing outside it", async () => {
    const cwd = CONTAINER;
    await run(LINK_COMMANDS.openLocation, { file: `${cwd}/server.js`, line: 8, column: 1, cwd });
    const { document, selection } = await until("the file", () => vscode.window.activeTextEditor);
    assert.equal(document.uri.fsPath, workspaceFile("server.js").fsPath);
    assert.equal(selection.active.line, 7);
    await run("workbench.action.closeActiveEditor");
    await run(LINK_COMMANDS.openLocation, { file: `${cwd}/../test.code-workspace`, line: 1, column: 1, cwd });
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  it("one in a virtual folder is read as a file of this machine, which goes when its panel is closed", async () => {
    const bytes = await vscode.workspace.fs.readFile(workspaceFile("saved.darcy"));
    const registered = vscode.workspace.registerFileSystemProvider("darcytest", virtualFiles(bytes));
    try {
      const uri = vscode.Uri.from({ scheme: "darcytest", path: "/shop/far.darcy" });
      const { file, dispose } = await localCopy(uri);
      assert.equal(basename(file), "far.darcy");
      assert.deepEqual(await readFile(file), Buffer.from(bytes));
      dispose();
      await until("its end", () => !existsSync(file));
      const own = workspaceFile("saved.darcy");
      const standing = await localCopy(own);
      assert.equal(standing.file, own.fsPath);
      standing.dispose();
      assert.ok(existsSync(own.fsPath), "what is a file stays");
    } finally {
      registered.dispose();
    }
  });

  it("what takes more than a second says so and is canceled there; what is quick says nothing", async () => {
    assert.equal(await cancellable("Quick", async () => 1), 1);
    const failing = cancellable("Failing", () => Promise.reject(new Error("for its own reason")));
    await assert.rejects(failing, /for its own reason/);
    let canceled = false;
    const slow = cancellable(
      "Slow",
      (signal) =>
        new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => {
            canceled = true;
            reject(new Error("it ends early"));
          });
        }),
    );
    const outcome = assert.rejects(slow, vscode.CancellationError);
    await until("its notification's button", async () => {
      await run("notification.acceptPrimaryAction");
      return canceled;
    });
    await outcome;
  });

  it("one opens read-only, from its path too", async () => {
    await run(COMMANDS.openSession, workspaceFile("again.darcy").fsPath);
    const tab = await until("its tab", () => tabs().find(({ label }) => label === "again.darcy"));
    assert.ok(tab.input instanceof vscode.TabInputCustom && tab.input.viewType === VIEWS.savedProfile);
    await vscode.window.tabGroups.close(tab);
  });
});

/** One file, whatever its path. */
function virtualFiles(bytes: Uint8Array): vscode.FileSystemProvider {
  const refuse = () => {
    throw vscode.FileSystemError.NoPermissions();
  };
  return {
    onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
    watch: () => ({ dispose: () => undefined }),
    stat: () => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.byteLength }),
    readFile: () => bytes,
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}
