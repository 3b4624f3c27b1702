// Unit tests: NODE_OPTIONS of files that `node --env-file` names: handed over with ours, or missed aloud.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { envFileOptions, missedOptions, withEnvFiles } from "../../src/collector/envFileOptions.ts";
import { serverEnvironment } from "../../src/collector/environment.ts";

const cwd = mkdtempSync(join(tmpdir(), "darcy env "));
after(() => rmSync(cwd, { recursive: true }));
writeFileSync(join(cwd, ".env"), '# own\nPORT=1\nNODE_OPTIONS="--no-deprecation --stack-trace-limit=7"\n');
writeFileSync(join(cwd, "other.env"), "NODE_OPTIONS=--stack-trace-limit=3\n");
writeFileSync(join(cwd, "none.env"), "A=1\n");
writeFileSync(join(cwd, "pre load.cjs"), "globalThis.preloaded = true;");
const OWN = "--no-deprecation --stack-trace-limit=7";

test("the files that Node's options name are read as Node reads them", () => {
  const options = (...words: string[]) => envFileOptions(words, cwd);
  assert.equal(options("--env-file=.env", "server.js"), OWN);
  assert.equal(options("--env-file", ".env", "server.js"), OWN);
  assert.equal(options("-r", "x", "--env-file-if-exists=.env"), OWN);
  assert.equal(options("--env-file=.env", "--env-file=other.env"), "--stack-trace-limit=3");
  assert.equal(options("--env-file=.env", "--env-file=none.env"), OWN);
  assert.equal(options("server.js", "--env-file=.env"), null);
  assert.equal(options("--env-file=none.env"), null);
  assert.equal(options("--env-file=missing.env"), null);
  assert.equal(options("--env-file"), null);
});

test("a command's own files are composed with ours, and then nothing is missed", () => {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...base } = process.env;
  const code =
    "console.log(JSON.stringify([Error.stackTraceLimit, process.noDeprecation ?? null, globalThis.preloaded ?? null]))";
  writeFileSync(join(cwd, "said.cjs"), code);
  const words = ["--env-file=.env", "said.cjs"];
  const said = (env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, words, { cwd, env, encoding: "utf8" }).stdout.trim();
  const environmentOf = (own: NodeJS.ProcessEnv) => {
    const options = { command: ["node", ...words], cwd, baseEnvironment: own };
    return serverEnvironment(withEnvFiles(options), "/none", join(cwd, "pre load.cjs"));
  };
  assert.equal(said(base), "[7,true,null]");
  assert.equal(said(environmentOf(base)), "[7,true,true]");
  // Node leaves the file's out where there are others.
  const others = { ...base, NODE_OPTIONS: "--stack-trace-limit=5" };
  assert.equal(said(others), "[5,null,null]");
  assert.equal(said(environmentOf(others)), "[5,null,true]");

  const hello = { execArgv: ["--env-file=.env"], cwd, threadId: 0 };
  assert.equal(missedOptions(hello, base, environmentOf(base)), null);
  assert.equal(missedOptions(hello, others, environmentOf(others)), null);
  assert.equal(missedOptions({ ...hello, execArgv: [] }, base, { NODE_OPTIONS: "--require x" }), null);
  const missed = missedOptions(hello, base, { NODE_OPTIONS: "--require x" });
  assert.equal(missed?.code, "options-missed");
  assert.match(missed?.text ?? "", /"--no-deprecation --stack-trace-limit=7"/);
});
