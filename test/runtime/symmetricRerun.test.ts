// Tests of the symmetric runtime with what a server does to its own process before it listens, and with options that a second
// process can't have: the others begin where the first one began.

import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { get } from "./symmetricAsk.ts";
import { distinct, NODES, Run, type RunOptions, topologiesOf, until } from "./symmetricRun.ts";

const running: Run[] = [];
const folder = realpathSync(mkdtempSync(join(tmpdir(), "darcy-rerun ü ")));
after(async () => {
  for (const run of running) await run.end();
  rmSync(folder, { recursive: true, force: true });
});

const BUSY = `require("node:http").createServer((request, response) => {
  const until = performance.now() + 4;
  while (performance.now() < until);
  response.end(String(process.pid + require("node:worker_threads").threadId / 1000));
}).listen(0, () => console.log(began));`;
/** Says what it began with, and changes all of it. */
const CHANGES = `const began = JSON.stringify([process.argv.slice(2), process.env.SECRET, process.env.ADDED, process.cwd()]);
process.title = "something else";
process.argv.splice(1, 2);
process.execArgv.length = 0;
delete process.env.SECRET;
process.env.ADDED = "by itself";
if (require("node:worker_threads").threadId === 0 && process.env.STAYS === undefined) process.chdir("/");
${BUSY}`;

function program(text: string): string {
  const file = join(folder, "a server.cjs");
  writeFileSync(file, text);
  return file;
}
function start(options: RunOptions): Run {
  const run = new Run(options);
  running.push(run);
  return run;
}

for (const [name, node] of NODES) {
  describe(`once more on Node ${name}`, { concurrency: false }, () => {
    for (const topology of topologiesOf(name)) {
      test(`${topology}: arguments, variables and folder are those of the first one's start`, async () => {
        const threads = topology === "threads";
        const run = start({
          node,
          topology,
          workers: 2,
          file: program(CHANGES),
          args: ["a", "b c"],
          cwd: folder,
          // A process has one folder, which its threads share.
          env: { SECRET: "kept", ...(threads ? { STAYS: "1" } : {}) },
        });
        await run.port(2);
        const began = JSON.stringify([["a", "b c"], "kept", null, folder]);
        await until("both have begun alike", () => {
          const lines = run.stdout.split("\n").filter(Boolean);
          assert.deepEqual([...new Set(lines)], lines.length === 0 ? [] : [began]);
          return lines.length === 2;
        });
        await run.end();
      });
    }

    for (const [nodeArgs, nodeOptions] of [
      [["--inspect-port", "0"], ""],
      [["--debug-port", "0", "--no-warnings"], ""],
      [["--inspect=127.0.0.1:0", "--inspect-publish-uid", "http"], ""],
      [[], "--inspect-port 0 --no-warnings"],
      [["--no-deprecation"], "--inspect=0 --inspect-publish-uid http --max-http-header-size=20000"],
    ] as const) {
      test(`the debugger's options are the first one's alone: ${[...nodeArgs, nodeOptions].join(" ")}`, async () => {
        const file = program(`const began = "";\n${BUSY}`);
        const run = start({ node, workers: 2, file, nodeArgs, nodeOptions });
        await distinct(await run.port(2), 2);
        assert.deepEqual(run.notices("peer-exit"), []);
        await run.end();
      });
    }

    test("NODE_OPTIONS with quotes and spaces are the others' too", async () => {
      const hook = join(folder, "a hook.cjs");
      writeFileSync(hook, "globalThis.hooked = 1;");
      const file = program(
        `require("node:http").createServer((_, response) => response.end(String(globalThis.hooked && process.pid))).listen(0);`,
      );
      const run = start({ node, workers: 2, file, nodeOptions: `--require "${hook}" --no-warnings` });
      const port = await run.port(2);
      const answers = await Promise.all(Array.from({ length: 20 }, () => get(port, "/")));
      assert.ok(answers.every((answer) => run.pids().includes(Number(answer))));
      await run.end();
    });
  });
}
