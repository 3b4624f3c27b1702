// Tests: NODE_OPTIONS of a file that a script's `node --env-file` names: in place as without us, by the same process; where the
// process could not become itself once more unseen, it is left as it is, and said.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { type Built, buildBundles } from "../unit/built.ts";
import { NODES } from "./symmetricRun.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy file options é "));
const SAID =
  /NODE_OPTIONS of the file that --env-file names are not applied \("--max-http-header-size=20000"\)/;
let built: Built;

before(async () => {
  built = await buildBundles("cli", "preload", "calibrate", "load");
  writeFileSync(join(folder, "my.env"), 'NODE_OPTIONS="--max-http-header-size=20000"\nWORD="a\nb"\n');
  writeFileSync(
    join(folder, "server.js"),
    `const http = require("node:http");
const { pid, execArgv, argv, argv0, env } = process;
const inherited = (() => { try { return require("node:fs").readFileSync(3, "utf8"); } catch { return null; } })();
const told = { header: http.maxHeaderSize, pid, execArgv, argv: argv.slice(1), argv0, word: env.WORD, inherited };
http.createServer((request, response) => response.end("{}")).listen(0, () => {
  console.log("told " + JSON.stringify(told) + " options " + env.NODE_OPTIONS);
  process.send?.("of the child");
  if (env.ALONE !== undefined) process.exit();
});
`,
  );
  writeFileSync(
    join(folder, "parent.js"),
    `require("node:child_process").fork("server.js", { execArgv: ["--env-file=my.env"] })
  .on("message", (words) => console.log("message " + words));
`,
  );
});
after(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

interface Told {
  readonly header: number;
  readonly pid: number;
  readonly inherited: string | null;
}

function toldIn(stdout: string): Told {
  return JSON.parse(/^told (\{.*\}) options/m.exec(stdout)?.[1] ?? "null") as Told;
}

/** By a shell, as a package's script. */
async function recorded(node: string, line: string): Promise<{ stdout: string; stderr: string }> {
  const words = ["record", "--workers", "2", "--warmup", "0", "--duration", "1", "--load", "/"];
  const out = ["--out", join(folder, "out.darcy")];
  const child = spawn(
    process.execPath,
    [join(built.folder, "cli.js"), ...words, ...out, "--", "sh", "-c", line],
    { cwd: folder, env: environmentOf(node), stdio: ["ignore", "pipe", "pipe"] },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  // Whether requests came in so short a time is not asked here.
  await once(child, "close");
  return { stdout, stderr };
}

function environmentOf(node: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...base } = process.env;
  return { ...base, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
}

const canBecomeItself = (node: string) =>
  process.platform === "linux" &&
  spawnSync(node, ["-p", "typeof process.execve"]).stdout.includes("function");
const posix = { skip: process.platform === "win32" };
const SCRIPT = "node --env-file=my.env server.js 'a b' '' & echo started $!; wait";

for (const [name, node] of NODES) {
  test(`as without us, or said, Node ${name}`, posix, async () => {
    const env = { ...environmentOf(node), ALONE: "1" };
    const { pid: _alone, ...alone } = toldIn(
      spawnSync("sh", ["-c", SCRIPT], { cwd: folder, env, encoding: "utf8" }).stdout,
    );
    assert.equal(alone.header, 20_000);
    const { stdout, stderr } = await recorded(node, SCRIPT);
    const { pid, ...told } = toldIn(stdout);
    assert.equal(pid, Number(/^started (\d+)$/m.exec(stdout)?.[1]), "the process that the shell started");
    assert.match(stderr, /with 2 workers/);
    if (canBecomeItself(node)) {
      assert.deepEqual(told, alone);
      assert.match(stdout, / options --max-http-header-size=20000 --require /);
      assert.doesNotMatch(stderr, SAID);
    } else {
      assert.deepEqual(told, { ...alone, header: 16_384 });
      assert.match(stderr, SAID);
    }
  });
}

const [newest = ["", process.execPath] as const] = NODES.slice(-1);

test("a file that the parent opened for it stays open", posix, async () => {
  writeFileSync(join(folder, "three.txt"), "of the parent");
  const line = "node --env-file=my.env server.js 3<three.txt";
  const { stdout, stderr } = await recorded(newest[1], line);
  assert.deepEqual([toldIn(stdout).inherited, toldIn(stdout).header], ["of the parent", 16_384]);
  assert.match(stderr, SAID);
});

test("so does a channel to the parent", posix, async () => {
  const { stdout, stderr } = await recorded(newest[1], "node parent.js");
  assert.match(stdout, /^message of the child$/m);
  assert.equal(toldIn(stdout).header, 16_384);
  assert.match(stderr, SAID);
});
