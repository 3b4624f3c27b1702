// Unit tests: what the user picks turns into the right command line, whatever package.json and launch.json hold.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of launch.json

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { after, test } from "node:test";
import { findProgram, nodeOnPath } from "../../src/collector/findNode.ts";
import { readEnvFile } from "../../src/commands/targets/envFile.ts";
import { launchOf, shellCommand } from "../../src/commands/targets/launchCommand.ts";
import { readConfiguration, shellWords } from "../../src/commands/targets/launchConfiguration.ts";
import { substitute, type VariableValues } from "../../src/commands/targets/launchVariables.ts";
import { placesAround } from "../../src/commands/targets/managerPlaces.ts";
import { isRunnable, nodeCommand } from "../../src/commands/targets/nodeCommand.ts";
import { orderedScripts, outermost, parsePackage } from "../../src/commands/targets/packageFile.ts";
import { UserError } from "../../src/common/errors.ts";
import { findNode } from "../../src/recording/node.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy-targets é "));
after(() => rmSync(folder, { recursive: true }));
const OLD = { path: "/usr/bin/node", version: "20.20.2", stripsTypes: false };
const NEW = { path: "/usr/bin/node", version: "24.1.0", stripsTypes: true };
const values: VariableValues = {
  workspaceFolder: folder,
  folders: { api: "/other/api" },
  file: join(folder, "src", "place.order.ts"),
  home: "/home/me",
  separator: sep,
  environment: { NAME: "value", PATH: "" },
  config: (key) => (key === "port" ? 8080 : undefined),
};

test("scripts that start a server come first, npm's own hooks not at all", () => {
  const scripts = {
    build: "",
    prestart: "",
    start: "",
    "start:mended": "",
    postbuild: "",
    prepare: "",
    dev: "",
    postgres: "",
  };
  assert.deepEqual(orderedScripts(scripts), ["start", "start:mended", "dev", "build", "postgres"]);
});

test("package.json: scripts, name and package manager; what is not text is left out", () => {
  const none = () => false;
  const text = JSON.stringify({ name: "shop", scripts: { start: "node .", odd: 3 } });
  assert.deepEqual(parsePackage(text, "folder", none), {
    name: "shop",
    scripts: { start: "node ." },
    manager: "npm",
  });
  assert.equal(parsePackage('{"scripts":{"a":"b"}}', "folder", none)?.name, "folder");
  assert.equal(
    parsePackage('{"scripts":{"a":"b"}}', "folder", (lock) => lock === "pnpm-lock.yaml")?.manager,
    "pnpm",
  );
  assert.equal(
    parsePackage('{"packageManager":"yarn@4.1.0","scripts":{"a":"b"}}', "folder", none)?.manager,
    "yarn",
  );
  for (const useless of ["null", "3", "[]", "{}", '{"scripts":null}', '{"scripts":{}}']) {
    assert.equal(parsePackage(useless, "folder", none), null, useless);
  }
  assert.throws(() => parsePackage("{", "folder", none), SyntaxError);
});

test("package manager: the nearest folder that tells, from the package's own up to the workspace folder", () => {
  const root = join(folder, "mono");
  const api = join(root, "packages", "api");
  mkdirSync(api, { recursive: true });
  const text = '{"scripts":{"start":"node ."}}';
  const write = (place: string, name: string, content = "") => writeFileSync(join(place, name), content);
  const manager = (top = root) =>
    parsePackage(text, "api", (lock) => existsSync(join(api, lock)), placesAround(api, top))?.manager;
  assert.equal(manager(), "npm");
  write(root, "pnpm-lock.yaml");
  assert.equal(manager(), "pnpm");
  assert.equal(manager(api), "npm");
  write(root, "package.json", '{"packageManager":"yarn@4.1.0"}');
  assert.equal(manager(), "yarn");
  write(root, "package.json", "{");
  assert.equal(manager(), "pnpm");
  write(api, "package-lock.json");
  assert.equal(manager(), "npm");
  assert.deepEqual([...placesAround(root, api)], []);
});

test("of many package.json files the outermost are kept, whatever the order in which they were found", () => {
  const found = ["/a/packages/x/y/package.json", "/a/packages/b/package.json", "/a/package.json"];
  const kept = outermost(
    found.map((path) => ({ path })),
    2,
  );
  assert.deepEqual(
    kept.map(({ path }) => path),
    ["/a/package.json", "/a/packages/b/package.json"],
  );
});

test("launch.json: only what launches Node; what is not used is named, what only debuggers use is not", () => {
  assert.equal(readConfiguration({ type: "chrome", request: "launch", url: "x" }, "linux"), null);
  assert.equal(readConfiguration({ type: "node", request: "attach", port: 9229 }, "linux"), null);
  assert.equal(readConfiguration({ type: "node", request: "launch" }, "linux"), null);
  for (const odd of [null, 3, "x", [], { type: 4 }]) assert.equal(readConfiguration(odd, "linux"), null);
  const read = readConfiguration(
    {
      type: "pwa-node",
      name: "Shop",
      program: "a.js",
      args: '--port 80 \'two words\' "say \\"hi\\""',
      env: { A: "1", GONE: null, N: 3, BAD: {} },
      envFile: ".env",
      preLaunchTask: "build",
      postDebugTask: "clean",
      runtimeVersion: "20",
      skipFiles: [],
      console: "integratedTerminal",
      linux: { program: "linux.js" },
    },
    "linux",
  );
  assert.deepEqual(read, {
    name: "Shop",
    program: "linux.js",
    args: ["--port", "80", "two words", 'say "hi"'],
    cwd: null,
    environment: { A: "1", GONE: null, N: "3" },
    runtimeExecutable: null,
    runtimeArgs: [],
    command: null,
    envFile: ".env",
    preLaunchTask: "build",
    unsupported: [],
    ignored: ["postDebugTask", "runtimeVersion"],
  });
  const typed = { type: "node", program: "src/app.ts", outFiles: ["dist/**/*.js"] };
  assert.deepEqual(readConfiguration(typed, "linux")?.ignored, ["outFiles"]);
  assert.deepEqual(readConfiguration({ ...typed, program: "dist/app.js" }, "linux")?.ignored, []);
  assert.deepEqual(shellWords("  a  b='c d'e  "), ["a", "b=c de"]);
});

test("launch.json: variables", () => {
  const cases: Record<string, string> = {
    "${workspaceFolder}/x": `${folder}/x`,
    "${workspaceFolder:api}": "/other/api",
    "${env:NAME}${env:NONE}": "value",
    "${config:port}": "8080",
    "${fileBasenameNoExtension}": "place.order",
    "${relativeFile}": ["src", "place.order.ts"].join(sep),
    "no variable": "no variable",
  };
  for (const [text, expected] of Object.entries(cases))
    assert.equal(substitute(text, values), expected, text);
  for (const text of ["${input:which}", "${command:x}", "${workspaceFolder:nobody}", "${config:none}"]) {
    assert.throws(() => substitute(text, values), UserError, text);
  }
  assert.throws(() => substitute("${file}", { ...values, file: null }), /has no value/);
  for (const text of ["${input:which}", "${command:x}"])
    assert.throws(() => substitute(text, values), /which Darcy does not support/, text);
  assert.equal(substitute("${fileDirnameBasename}", values), "src");
  assert.equal(substitute("${fileWorkspaceFolder}", values), folder);
  const asks = readConfiguration(
    {
      type: "node",
      program: "${input:which}",
      args: ["${command:pick}", "${input:which}"],
      port: "${input:no}",
    },
    "linux",
  );
  assert.deepEqual(asks?.unsupported, ["${input:which}", "${command:pick}"]);
});

test("launch.json: the command line", () => {
  const shop = readConfiguration(
    {
      type: "node",
      name: "Shop",
      program: "${workspaceFolder}/a.js",
      args: ["b c"],
      runtimeArgs: ["--flag"],
      env: { X: "${env:NAME}" },
    },
    "linux",
  );
  assert.ok(shop);
  assert.deepEqual(launchOf(shop, OLD, values), {
    title: "Shop",
    command: ["/usr/bin/node", "--flag", join(folder, "a.js"), "b c"],
    cwd: folder,
    environment: { X: "value" },
  });
  const tool = readConfiguration(
    { type: "node", name: "T", runtimeExecutable: "nowhere-tool", args: [] },
    "linux",
  );
  assert.ok(tool);
  assert.throws(() => launchOf(tool, OLD, values), /nowhere-tool, was not found/);
});

test("launch.json: a line for a terminal runs in a shell, which finds the chosen Node", () => {
  assert.equal(readConfiguration({ type: "node-terminal", request: "launch" }, "linux"), null);
  const dev = readConfiguration(
    { type: "node-terminal", request: "launch", name: "Dev", command: "npm run dev -- ${env:NAME}" },
    "linux",
  );
  assert.ok(dev);
  const { command, environment } = launchOf(dev, OLD, values);
  assert.equal(command.at(-1), "npm run dev -- value");
  assert.match(environment.PATH ?? "", /^\/usr\/bin[:;]/);
  assert.deepEqual(shellCommand("a b", "linux"), ["/bin/sh", "-c", "a b"]);
  assert.deepEqual(shellCommand("a b", "win32"), ["cmd.exe", "/d", "/s", "/c", "a b"]);
});

test("envFile: as dotenv reads it; the configuration's own variables go over it", async () => {
  const file = join(folder, ".env é");
  writeFileSync(
    file,
    [
      "\uFEFF# a comment",
      "PLAIN=one # rest",
      "export EXPORTED=two",
      "SINGLE='a # b\\n'",
      'DOUBLE="first\\nsecond"',
      'LINES="first',
      'second"',
      "EMPTY=",
      "SPACED =  three  ",
      "RAW=${PLAIN}",
      "EQUALS=a=b",
      "no variable",
    ].join("\r\n"),
  );
  const read = await readEnvFile(file);
  assert.deepEqual(read, {
    PLAIN: "one",
    EXPORTED: "two",
    SINGLE: "a # b\\n",
    DOUBLE: "first\nsecond",
    LINES: "first\nsecond",
    EMPTY: "",
    SPACED: "three",
    RAW: "${PLAIN}",
    EQUALS: "a=b",
  });
  const found = readConfiguration(
    { type: "node", name: "S", program: "a.js", envFile: file, env: { PLAIN: "mine", EMPTY: null } },
    "linux",
  );
  assert.ok(found && read);
  const { environment } = launchOf(found, OLD, values, read);
  assert.deepEqual([environment.PLAIN, environment.EMPTY, environment.EQUALS], ["mine", null, "a=b"]);
  assert.equal(await readEnvFile(join(folder, "none")), null);
  await assert.rejects(readEnvFile(folder), /envFile, .* could not be read/);
});

test("a TypeScript file: Node itself where it can, else the workspace's tsx, else a reason", () => {
  const file = join(folder, "server.ts");
  assert.deepEqual(nodeCommand(NEW, file), ["/usr/bin/node", file]);
  assert.throws(() => nodeCommand(OLD, file), /does not run TypeScript files, and tsx is not installed/);
  const tsx = join(folder, "node_modules", "tsx");
  mkdirSync(tsx, { recursive: true });
  writeFileSync(join(tsx, "package.json"), '{ "name": "tsx", "main": "loader.js" }');
  writeFileSync(join(tsx, "loader.js"), "");
  const command = nodeCommand(OLD, file);
  assert.equal(command[1], "--import");
  assert.match(command[2] ?? "", /^file:.*tsx\/loader\.js$/);
  assert.equal(command[3], file);
  assert.deepEqual(nodeCommand(OLD, file, { before: ["--import", "tsx"] }), [
    "/usr/bin/node",
    "--import",
    "tsx",
    file,
  ]);
});

test("which files can be run", () => {
  for (const yes of ["a.js", "a.mjs", "a.cts", "a.ts"]) assert.ok(isRunnable(yes), yes);
  for (const no of ["a.d.ts", "a.json", "a.jsx", "js"]) assert.ok(!isRunnable(no), no);
});

test("Node is found on the path; none, or one that is none, is a message with its remedy", async () => {
  const found = await findNode("", process.env);
  assert.equal(found.version, process.version);
  await assert.rejects(
    findNode("", { PATH: folder }),
    (error: UserError) => /not found/.test(error.message) && /darcy\.nodePath/.test(error.remedy),
  );
  const fake = join(folder, "node");
  writeFileSync(fake, "#!/bin/sh\necho no\n", { mode: 0o755 });
  await assert.rejects(
    findNode(fake, process.env),
    (error: UserError) =>
      /node does not run as Node/.test(error.message) && /darcy\.nodePath/.test(error.remedy),
  );
  const old = join(folder, "old-node");
  writeFileSync(old, "#!/bin/sh\necho '[\"v18.19.1\",false]'\n", { mode: 0o755 });
  await assert.rejects(findNode(old, process.env), /v18\.19\.1, .* too old/);
  assert.equal(findProgram("node", { PATH: folder }, "/"), fake);
  assert.equal(findProgram("./node", {}, folder), fake);
  assert.equal(findProgram("node", { Path: folder }, "/"), fake);
  assert.equal(findProgram("node", { Path: "/nowhere", PATH: folder }, "/"), fake);
});

test("on Windows programs are found by their ending, and a Node is never a script", (context) => {
  const bin = join(folder, "windows");
  mkdirSync(bin);
  for (const name of ["node.cmd", "tool.cmd", "other.exe", "other.bat"])
    writeFileSync(join(bin, name), "", { mode: 0o755 });
  const platform = process.platform;
  Object.defineProperty(process, "platform", { value: "win32" });
  context.after(() => Object.defineProperty(process, "platform", { value: platform }));
  assert.equal(nodeOnPath({ Path: bin }, "/"), null);
  writeFileSync(join(bin, "node.exe"), "", { mode: 0o755 });
  assert.equal(nodeOnPath({ Path: bin }, "/"), join(bin, "node.exe"));
  assert.equal(findProgram("tool", { Path: bin }, "/"), join(bin, "tool.cmd"));
  assert.equal(findProgram("other", { Path: bin }, "/"), join(bin, "other.exe"));
  assert.equal(findProgram("other.bat", { Path: bin }, "/"), join(bin, "other.bat"));
});
