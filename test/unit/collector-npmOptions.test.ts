// Unit tests: the options that npm's configuration puts in NODE_OPTIONS' place, and that npm itself then hands over.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { envFileOptions } from "../../src/collector/envFileOptions.ts";
import { serverEnvironment } from "../../src/collector/environment.ts";
import { npmNodeOptions } from "../../src/collector/npmOptions.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "darcy npm ")));
after(() => rmSync(folder, { recursive: true }));
const userFile = join(folder, "user.npmrc");
const own = { npm_config_userconfig: userFile };

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return join(file, "..");
}
const optionsOf = (npmrc: string, environment: NodeJS.ProcessEnv = own) => {
  const cwd = write("read/.npmrc", npmrc);
  write("read/package.json", "{}");
  return npmNodeOptions(cwd, environment)?.options ?? null;
};

test("an .npmrc is read as npm reads it", () => {
  assert.equal(optionsOf(""), null);
  assert.equal(optionsOf("registry=x\nnode-options=--no-warnings\n"), "--no-warnings");
  assert.equal(optionsOf('node-options = "--a --b"\r\n'), "--a --b");
  assert.equal(optionsOf("node-options='--a'"), "--a");
  assert.equal(optionsOf("node-options=--a ; a remark"), "--a");
  assert.equal(optionsOf("node-options=--a\nnode-options=--b"), "--b");
  assert.equal(optionsOf("; node-options=--a\n#node-options=--a"), null);
  assert.equal(optionsOf("node-options="), null);
  assert.equal(optionsOf("node-options=null"), null);
  assert.equal(optionsOf(`node-options=--x=\${HEAP} \${NONE}`, { ...own, HEAP: "9" }), `--x=9 \${NONE}`);
});

test("the variable goes before the project's file, and that before the user's; a workspace has its root's", () => {
  writeFileSync(userFile, "node-options=--of-user");
  const root = write("root/package.json", '{"workspaces":["packages/*"]}');
  const workspace = write("root/packages/one/package.json", "{}");
  const inner = write("root/packages/one/src/x", "");
  assert.equal(npmNodeOptions(root, own)?.options, "--of-user");
  write("root/.npmrc", "node-options=--of-root");
  for (const cwd of [root, workspace, inner])
    assert.deepEqual(npmNodeOptions(cwd, own), { variable: "npm_config_node_options", options: "--of-root" });
  const variable = { ...own, NPM_CONFIG_NODE_OPTIONS: "--of-variable" };
  assert.deepEqual(npmNodeOptions(root, variable), {
    variable: "NPM_CONFIG_NODE_OPTIONS",
    options: "--of-variable",
  });
});

test("a package below a root that has other workspaces is none of them", () => {
  writeFileSync(userFile, "");
  write("mono/package.json", '{"workspaces":{"packages":["packages/*","./apps/**","!apps/old"]}}');
  write("mono/.npmrc", "node-options=--of-root");
  const optionsIn = (path: string) => {
    write(`mono/${path}/.npmrc`, "node-options=--of-package");
    return npmNodeOptions(write(`mono/${path}/package.json`, "{}"), own)?.options;
  };
  for (const path of ["packages/one", "apps/a", "apps/b/c"]) assert.equal(optionsIn(path), "--of-root", path);
  for (const path of ["examples/app", "packages/one/deeper", "apps/old", "packages.x/one"])
    assert.equal(optionsIn(path), "--of-package", path);
});

test("a pipe is not read: it would wait for its writer, and take what is the server's", {
  skip: process.platform === "win32",
}, () => {
  const cwd = write("piped/package.json", "{}");
  for (const name of [".npmrc", ".env"]) assert.equal(spawnSync("mkfifo", [join(cwd, name)]).status, 0);
  assert.equal(npmNodeOptions(cwd, { npm_config_userconfig: join(cwd, "none") }), null);
  assert.equal(envFileOptions(["--env-file=.env", "server.js"], cwd), null);
});

test("npm hands its own options and ours to a script", { skip: process.platform === "win32" }, () => {
  writeFileSync(userFile, "");
  const cwd = write("run/.npmrc", 'node-options="--no-deprecation --stack-trace-limit=7"\n');
  const preload = join(write("run/a folder/pre load.cjs", "globalThis.preloaded = true;"), "pre load.cjs");
  const says =
    "console.log(JSON.stringify([Error.stackTraceLimit, process.noDeprecation, globalThis.preloaded ?? null]))";
  write("run/said.cjs", says);
  write("run/package.json", '{"scripts":{"start":"node said.cjs"}}');
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...rest } = process.env;
  const base = Object.fromEntries(Object.entries(rest).filter(([name]) => !/^npm_/i.test(name)));
  // What npm prints on its own account (a newer version) is not the script's.
  const said = (environment: NodeJS.ProcessEnv) =>
    spawnSync("npm", ["start", "--silent"], { cwd, env: environment, encoding: "utf8" }).stdout.trim();
  const environment = { ...base, ...own, NODE_OPTIONS: "--no-warnings" };
  assert.equal(said(environment), "[7,true,null]");
  assert.equal(said(serverEnvironment(environment, "/none", preload, cwd)), "[7,true,true]");
});
