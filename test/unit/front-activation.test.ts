// Unit tests: activation registers what package.json contributes and loads nothing but its own small bundle; what is missing
// then is said, and asked for again.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { build } from "esbuild";
import { COMMANDS, LINK_COMMANDS, TOOLS } from "../../src/contributions.ts";

const root = resolve(__dirname, "../..");
/** All that activation reads; a new one has to be as small. */
const AT_ACTIVATION = [
  "src/contributions.ts",
  "src/extension.ts",
  "src/loadParts.ts",
  "src/model/l10n.ts",
  "src/protocol/fill.ts",
];
const MOST_BYTES = 8_000;

/** What VS Code is asked to register, by its name. */
const EDITOR = `
const registered = new Map(), messages = [];
const add = (kind) => (name, handler) => (registered.set(kind + " " + name, handler), { dispose() {} });
module.exports = {
  registered, messages, l10n: { bundle: undefined },
  EventEmitter: class { event = () => ({ dispose() {} }); fire() {} dispose() {} },
  commands: { registerCommand: add("command") },
  tasks: { registerTaskProvider: add("tasks") },
  lm: { registerTool: add("tool") },
  workspace: { registerTextDocumentContentProvider: add("scheme") },
  window: {
    createTreeView: add("view"), registerWebviewPanelSerializer: add("panel"), registerCustomEditorProvider: add("editor"),
    showErrorMessage: async (text) => void messages.push(text),
  },
};`;
interface Editor {
  readonly registered: Map<string, unknown>;
  readonly messages: string[];
}
interface Extension {
  activate(context: object): { state(): unknown };
  deactivate(): Promise<void>;
}

let folder = "";
let inputs: string[] = [];
let bytes = 0;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "darcy-activation-"));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/extension.ts"],
    outfile: join(folder, "extension.js"),
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "./parts.js"],
    metafile: true,
    logLevel: "warning",
  });
  inputs = Object.keys(metafile.inputs).sort();
  bytes = readFileSync(join(folder, "extension.js")).length;
  mkdirSync(join(folder, "node_modules", "vscode"), { recursive: true });
  writeFileSync(join(folder, "node_modules", "vscode", "index.js"), EDITOR);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const require = createRequire(__filename);
const loaded = () => Object.keys(require.cache).filter((file) => file.includes("darcy-activation-"));
beforeEach(() => {
  for (const file of loaded()) delete require.cache[file];
  rmSync(join(folder, "parts.js"), { force: true });
});

function activated(memory: Readonly<Record<string, unknown>> = {}): {
  editor: Editor;
  extension: Extension;
  api: { state(): unknown };
} {
  const extension = require(join(folder, "extension.js")) as Extension;
  const api = extension.activate({
    subscriptions: [],
    workspaceState: { get: (key: string) => memory[key] },
  });
  return { editor: require(join(folder, "node_modules", "vscode")) as Editor, extension, api };
}

test("activation reads one small bundle", async () => {
  assert.deepEqual(inputs, AT_ACTIVATION);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  const { extension } = activated();
  assert.deepEqual(
    loaded()
      .map((file) => file.slice(file.indexOf("darcy-activation-")).split(/[\\/]/).at(-1))
      .sort(),
    ["extension.js", "index.js"],
  );
  await extension.deactivate();
  assert.equal(loaded().length, 2);
});

test("it registers all that package.json contributes", () => {
  const { contributes } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    contributes: {
      commands: { command: string }[];
      customEditors: { viewType: string }[];
      taskDefinitions: { type: string }[];
      views: Record<string, { id: string }[]>;
      languageModelTools: { name: string }[];
    };
  };
  const { registered } = activated().editor;
  const wanted = [
    ...contributes.commands.map(({ command }) => `command ${command}`),
    ...[...Object.values(COMMANDS), ...Object.values(LINK_COMMANDS)].map((id) => `command ${id}`),
    ...contributes.customEditors.map(({ viewType }) => `editor ${viewType}`),
    ...contributes.taskDefinitions.map(({ type }) => `tasks ${type}`),
    ...Object.values(contributes.views).flatMap((views) => views.map(({ id }) => `view ${id}`)),
    ...contributes.languageModelTools.map(({ name }) => `tool ${name}`),
    "panel darcy.panel",
    "panel darcy.compare",
    "scheme darcy",
  ];
  assert.deepEqual([...registered.keys()].sort(), [...new Set(wanted)].sort());
  assert.equal(contributes.languageModelTools.length, Object.keys(TOOLS).length);
});

test("only what is ours activates it", () => {
  const { activationEvents } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    activationEvents: string[];
  };
  assert.deepEqual(activationEvents, ["onWebviewPanel:darcy.panel", "onWebviewPanel:darcy.compare"]);
});

test("a bundle that is missing is said, by whatever asks for it, and is asked for again", async ({
  mock,
}) => {
  mock.method(console, "error", () => undefined);
  const { editor, api } = activated();
  const command = editor.registered.get(`command ${COMMANDS.openPanel}`) as () => Promise<void>;
  await command();
  assert.equal(editor.messages.length, 1);
  assert.match(
    editor.messages[0] ?? "",
    /^Darcy could not be loaded \(Cannot find module '\.\/parts\.js'\)\. Install/,
  );
  const view = editor.registered.get("view darcy.sessions") as {
    treeDataProvider: { getChildren(): unknown };
  };
  assert.throws(() => view.treeDataProvider.getChildren(), /^Error: Darcy could not be loaded/);
  assert.throws(() => api.state(), /could not be loaded/);
  assert.equal(editor.messages.length, 3);
  writeFileSync(
    join(folder, "parts.js"),
    `let times = 0;
exports.assemble = () => (times++, {
  commands: { [${JSON.stringify(COMMANDS.openPanel)}]: async (word) => void (exports.word = word) },
  api: { state: () => times },
});`,
  );
  await (command as (word: string) => Promise<void>)("now");
  assert.equal((require(join(folder, "parts.js")) as { word: string }).word, "now");
  assert.equal(api.state(), 1);
  assert.equal(editor.messages.length, 3);
});

test("what a cut-off recording left behind is seen to at once", () => {
  const parts = "exports.assemble = () => ({ api: { state: () => 1 } });";
  writeFileSync(join(folder, "parts.js"), parts);
  activated({ "darcy.running": { title: "orders", server: 4711 } });
  assert.ok(loaded().some((file) => file.endsWith("parts.js")));
});
