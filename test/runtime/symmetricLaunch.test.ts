// Tests of the symmetric runtime with the ways in which servers are started and the other things that they do.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { WebSocket } from "ws";
import { fill } from "../../src/protocol/fill.ts";
import { NOTICES } from "../../src/protocol/notices.ts";
import { distinct, fixture, get, isAlive, NODES, Run, type RunOptions, until } from "./symmetricRun.ts";

const running: Run[] = [];
const programs = mkdtempSync(join(tmpdir(), "darcy-launch-"));
after(async () => {
  for (const run of running) await run.end();
  rmSync(programs, { recursive: true, force: true });
});
/** Long enough that one worker alone can't answer all before the others wake. */
const LISTENS = `require("node:http").createServer((request, response) => {
  const until = performance.now() + 4;
  while (performance.now() < until);
  response.end(String(process.pid));
}).listen(0);`;
function program(name: string, text: string): string {
  const file = join(programs, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
function start(options: RunOptions): Run {
  const run = new Run(options);
  running.push(run);
  return run;
}

/** Asks until the process with this id has answered by ending. */
async function strike(run: Run, port: number, path: string, pid: number): Promise<void> {
  await until(`${path} has ended process ${pid}`, async () => {
    await get(port, `${path}only=${pid}`).catch(() => "");
    return !isAlive(pid) || run.child.exitCode !== null;
  });
}

for (const [name, node] of NODES) {
  describe(`launches on Node ${name}`, { concurrency: false }, () => {
    test("http2 answers from every worker", async () => {
      const run = start({ node, workers: 2, env: { KIND: "http2" } });
      await distinct(await run.port(2), 2, "http2");
      await run.end();
    });

    test("an ES module with arguments", async () => {
      const run = start({
        node,
        workers: 2,
        file: fixture("server.mjs"),
        args: ["a", "b c"],
        nodeArgs: ["--no-warnings"],
      });
      await distinct(await run.port(2), 2);
      await until(
        "both have started",
        () => run.stdout.match(/^arguments a,b c --no-warnings$/gm)?.length === 2,
      );
      await run.end();
    });

    test("the exit codes of peer 0 are its own, and all end with it", async () => {
      for (const [path, code] of [
        ["/exit?code=0&", 0],
        ["/exit?code=4&", 4],
        ["/throw?", 1],
      ] as const) {
        const run = start({ node, workers: 2 });
        await strike(run, await run.port(2), path, run.pid);
        assert.deepEqual(await run.exited(), [code, null]);
        await run.allGone();
        assert.deepEqual(run.notices("peer-exit"), []);
      }
    });

    test("a parent's messages reach and come from peer 0 alone", async () => {
      const run = start({ node, workers: 2, ipc: true, env: { TELL: "1" } });
      const messages: unknown[] = [];
      run.child.on("message", (message) => messages.push(message));
      await run.port(2);
      await until("both have sent", () => run.stdout.match(/^sent \d+ null$/gm)?.length === 2);
      assert.deepEqual(messages, [{ from: run.pid }]);
      assert.equal(run.stderr, "");
      await run.end();
    });

    test("a Unix socket stays with one worker and it is told", async () => {
      const run = start({ node });
      const alone = start({ node, env: { LISTEN: join(run.sessionFolder, "user") } });
      await until("it is told", () =>
        alone.messages().some(({ type, port }) => type === "listening" && port === null),
      );
      assert.equal(alone.notices("unix-socket").length, 1);
      assert.deepEqual(alone.pids(), [alone.pid]);
      await alone.end();
      await run.end();
    });

    test("a Unix socket beside a port", async () => {
      const first = start({ node, workers: 1 });
      const path = join(first.sessionFolder, "user");
      const run = start({ node, workers: 2, env: { LISTEN: `${path},0` } });
      await until(
        "both listen on both",
        () => run.messages().filter(({ type }) => type === "listening").length === 4,
      );
      const port = run.messages().find(({ port }) => typeof port === "number")?.port as number;
      await distinct(port, 2);
      const answer = await new Promise<string>((resolve, reject) => {
        const request = http.get({ socketPath: path, path: "/", agent: false }, (response) => {
          response.on("data", (chunk) => resolve(String(chunk)));
        });
        request.on("error", reject);
      });
      assert.ok(run.pids().includes(Number(answer)));
      assert.ok(existsSync(path));
      await run.end();
      await first.end();
    });

    test("a cluster of the user's own is left alone", async () => {
      const run = start({ node, file: fixture("cluster.cjs") });
      const port = await run.port(3);
      assert.equal(run.notices("user-cluster").length, 1);
      assert.equal((await distinct(port, 2)).has(run.pid), false);
      assert.deepEqual(
        new Set(run.messages().map(({ topology }) => topology)),
        new Set([undefined, "single"]),
      );
      await run.end();
    });

    test("a topology that is not there falls back and says so", async () => {
      // A program without a file can't run in a worker thread.
      const program =
        'require("node:http").createServer((_, answer) => answer.end(String(process.pid))).listen(0)';
      const run = start({ node, workers: 2, topology: "threads", nodeArgs: ["--eval", program] });
      await run.port(2);
      assert.equal(run.notices("topology-fallback").length, 1);
      await run.end();
    });

    test("a repeating timer of the user's own is told once", async () => {
      const run = start({ node, workers: 3, env: { TIMER: "60000" } });
      await run.port(3);
      await until("it is told", () => run.notices("repeating-timer").length > 0);
      assert.match(run.notices("repeating-timer")[0]?.text ?? "", /every 60 s .*server\.cjs:\d+/);
      assert.equal(run.notices("repeating-timer").length, 1);
      await run.end();
    });

    test("jobs that are scheduled are told, once for each library", async () => {
      const names = ["node-cron", "cron", "node-schedule", "croner", "toad-scheduler"];
      for (const name of names) program(`jobs/node_modules/${name}/index.js`, "exports.schedule = () => {};");
      const requires = names.map((name) => `require("${name}"); require("${name}/index.js");`).join("\n");
      const run = start({ node, workers: 3, file: program("jobs/server.js", `${requires}\n${LISTENS}`) });
      await run.port(3);
      await until("all are told", () => run.notices("scheduled-jobs").length >= names.length);
      const told = run.notices("scheduled-jobs");
      assert.deepEqual(
        told.map(({ peer, text }) => [peer, text]),
        names.map((name) => [1, fill(NOTICES.jobs, name, 3)]),
      );
      await run.end();
    });

    test("a development server runs with one worker and says so; the user's own word dev is none", async () => {
      const file = program("site/node_modules/astro/astro.js", LISTENS);
      const run = start({ node, workers: 2, file, args: ["dev", "--port", "0"] });
      const port = await run.port(1);
      assert.deepEqual([...(await distinct(port, 1))], [run.pid]);
      assert.deepEqual(
        run.notices("development-server").map(({ text }) => text),
        [NOTICES.development],
      );
      await run.end();
      const own = start({ node, workers: 2, file: program("site/server.js", LISTENS), args: ["dev"] });
      await distinct(await own.port(2), 2);
      assert.deepEqual(own.notices("development-server"), []);
      await own.end();
    });

    test("sessions in memory and polling clients are told once", async () => {
      const run = start({ node, workers: 2, file: fixture("replicated.cjs") });
      const port = await run.port(2);
      await distinct(port, 2);
      await until("both are told", async () => {
        await get(port, "/socket.io/?EIO=4&transport=polling");
        return run.notices("polling-clients").length > 0 && run.notices("memory-sessions").length > 0;
      });
      assert.equal(run.notices("polling-clients").length, 1);
      assert.equal(run.notices("memory-sessions").length, 1);
      await run.end();
    });

    test("WebSockets are told once a worker beside the first has one", async () => {
      const run = start({ node, workers: 2, file: fixture("webSockets.mjs") });
      const port = await run.port(2);
      const open: WebSocket[] = [];
      const servedBy = async (): Promise<number> => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}`);
        open.push(socket);
        return Number(await new Promise((resolve) => socket.once("message", resolve)));
      };
      try {
        await until("a client reaches the second worker", async () => (await servedBy()) !== run.pid);
        await until("it is told", () => run.notices("web-sockets").length > 0);
        // The second one of the same worker is nothing new.
        await until("another client does", async () => (await servedBy()) !== run.pid);
        assert.deepEqual(
          run.notices("web-sockets").map(({ peer, text }) => [peer, text]),
          [[1, fill(NOTICES.webSockets, 2)]],
        );
      } finally {
        for (const socket of open) socket.terminate();
      }
      await run.end();
    });

    test("a server that a watcher starts while the last one still closes", async () => {
      const last = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
      try {
        const run = start({ node, workers: 2 });
        // Long before it listens.
        writeFileSync(join(run.sessionFolder, "first-peer"), String(last.pid));
        const port = await until("it listens", () => /^at-once (\d+)$/m.exec(run.stdout)?.[1]);
        // Meanwhile it finds the other alive.
        for (let asked = 0; asked < 5; asked++) await get(Number(port), "/?busy=40");
        last.kill("SIGKILL");
        await distinct(await run.port(2), 2);
        assert.deepEqual(run.notices("topology-fallback"), []);
        await run.end();
      } finally {
        last.kill("SIGKILL");
      }
    });

    test("a server beside another that has the workers runs with one and says so", async () => {
      const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
      try {
        const run = start({ node, workers: 2 });
        writeFileSync(join(run.sessionFolder, "first-peer"), `${other.pid} ${process.pid} 4130`);
        const port = await run.port(1);
        assert.deepEqual([...(await distinct(port, 1))], [run.pid]);
        await until("it is said", () => run.notices("topology-fallback").length > 0);
        assert.deepEqual(
          run.notices("topology-fallback").map(({ text }) => text),
          [fill(NOTICES.taken, 4130, port)],
        );
        await run.end();
      } finally {
        other.kill("SIGKILL");
      }
    });

    test("a server under node --watch", async () => {
      const run = start({ node, workers: 2, nodeArgs: ["--watch"] });
      const port = await run.port(2);
      const answers = await distinct(port, 2);
      assert.equal(answers.has(run.pid), false);
      run.child.kill("SIGTERM");
      await run.allGone();
    });
  });
}
