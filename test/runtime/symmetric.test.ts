// Tests of the symmetric runtime on real servers: the same unmodified program, once plain and on several workers.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import net from "node:net";
import { after, describe, test } from "node:test";
import { distinct, get, isAlive, NODES, Run, type RunOptions, topologiesOf, until } from "./symmetricRun.ts";

const running: Run[] = [];
after(async () => {
  for (const run of running) await run.end();
});
function start(options: RunOptions): Run {
  const run = new Run(options);
  running.push(run);
  return run;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Holds one request open in each of `workers` processes; gives their answers. */
async function holdInEach(run: Run, port: number, workers: number): Promise<Promise<string>[]> {
  const open: Promise<string>[] = [];
  const pids = new Set<string>();
  await until("a request is under way in each worker", async () => {
    const id = String(open.length);
    const answer = get(port, `/hold?id=${id}`);
    answer.catch(() => {});
    open.push(answer);
    const file = `${run.mark}-hold-${id}`;
    pids.add(await until("the request has begun", () => existsSync(file) && readFileSync(file, "utf8")));
    return pids.size >= workers;
  });
  return open;
}

for (const [name, node] of NODES) {
  const major = Number(/\d+/.exec(name)?.[0]);
  const reuse = process.platform === "linux" && major >= 24;
  describe(`symmetric runtime on Node ${name}`, { concurrency: false }, () => {
    // Threads are no processes of their own (symmetricThreads.test.ts).
    const topologies = topologiesOf(name).filter((topology) => topology !== "threads");
    const often: readonly string[] = process.env.DARCY_KINDS === "all" ? topologies : ["reuse", "handle"];
    for (const topology of topologies.filter((one) => often.includes(one))) {
      for (const kind of ["http", "https", "net"]) {
        test(`${topology}: ${kind} answers from every worker`, async () => {
          const run = start({ node, topology, env: { KIND: kind } });
          const port = await run.port(3);
          const pids = await distinct(port, 3, kind);
          assert.deepEqual([...pids].sort(), run.pids().sort());
          assert.ok(pids.has(run.pid));
          assert.deepEqual(new Set(run.messages().map((message) => message.topology)), new Set([topology]));
          assert.equal(run.stderr, "");
          await run.end();
        });
      }

      test(`${topology}: SIGTERM and SIGINT reach all and requests under way finish`, async () => {
        for (const signal of ["SIGTERM", "SIGINT"] as const) {
          const run = start({ node, topology, env: { GRACEFUL: "5" } });
          const port = await run.port(3);
          const open = await holdInEach(run, port, 3);
          run.child.kill(signal);
          const answers = new Set((await Promise.all(open)).map(Number));
          assert.equal(answers.size, 3);
          assert.deepEqual(await run.exited(), [5, null]);
          await run.allGone();
          const got = run.stdout.split("\n").filter((line) => line.startsWith("got "));
          assert.deepEqual(
            got.sort(),
            run
              .pids()
              .map((pid) => `got ${signal} ${pid}`)
              .sort(),
          );
          assert.deepEqual(run.notices("peer-exit"), []);
        }
      });

      test(`${topology}: a second port later, and ports asked for by 0`, async () => {
        const run = start({ node, topology, env: { LISTEN: "0,0@127.0.0.1", LATE: "600" } });
        await run.port(3);
        await until("all late listens", () => run.stdout.match(/^late /gm)?.length === 3);
        const ports = (pattern: RegExp) =>
          new Set([...run.stdout.matchAll(pattern)].map((match) => match[1]));
        assert.equal(ports(/^late \d+ (\d+)/gm).size, 1);
        assert.equal(ports(/^listening .*"port":(\d+)/gm).size, 2);
        assert.equal(ports(/^at-once (\d+)/gm).size, 1);
        for (const port of ports(/^late \d+ (\d+)/gm)) await distinct(Number(port), 3);
        for (const port of ports(/^listening .*"port":(\d+)/gm)) await distinct(Number(port), 3);
        await run.end();
      });

      test(`${topology}: peer 0 killed leaves no orphan`, async () => {
        const run = start({ node, topology, env: {} });
        await run.port(3);
        run.child.kill("SIGKILL");
        assert.deepEqual(await run.exited(), [null, "SIGKILL"]);
        await run.allGone();
      });

      test(`${topology}: peer 0's default signals and exit codes are as without us`, async () => {
        for (const signal of ["SIGTERM", "SIGINT"] as const) {
          const run = start({ node, topology, env: {} });
          await run.port(3);
          run.child.kill(signal);
          assert.deepEqual(await run.exited(), [null, signal]);
          await run.allGone();
        }
      });

      test(`${topology}: peer 0 closes its server, all finish and end`, async () => {
        const run = start({ node, topology, env: {} });
        const port = await run.port(3);
        const open = await holdInEach(run, port, 3);
        await until("peer 0 has closed and nobody accepts any more", async () => {
          const answer = await get(port, `/close?only=${run.pid}`).catch(() => null);
          return answer === null;
        });
        assert.equal(new Set((await Promise.all(open)).map(Number)).size, 3);
        assert.deepEqual(await run.exited(), [0, null]);
        await run.allGone();
      });

      test(`${topology}: a peer answers what is under way when peer 0 has long gone`, async () => {
        const run = start({ node, topology, env: { GRACEFUL: "0", HELD: "6500" } });
        const port = await run.port(3);
        const file = `${run.mark}-hold-long`;
        let answer = get(port, "/");
        await until("a request is under way in a peer that is not the first", async () => {
          answer = get(port, `/hold?id=long&not=${run.pid}`);
          answer.catch(() => {});
          const has = until("the request has begun", () => existsSync(file) && readFileSync(file, "utf8"));
          return Promise.race([has, answer.then((pid) => Number(pid) !== run.pid)]);
        });
        run.child.kill("SIGTERM");
        assert.deepEqual(await run.exited(), [0, null]);
        assert.equal(await answer, readFileSync(file, "utf8"));
        await run.allGone();
      });
    }

    test("a busy port fails as without us", async () => {
      const port = await freePort();
      for (const listen of [`${port}`, `${port}@127.0.0.1`]) {
        const other = net.createServer().listen(port, listen.includes("@") ? "127.0.0.1" : undefined);
        await new Promise((resolve) => other.once("listening", resolve));
        const plain = start({ node, runtime: false, env: { LISTEN: listen } });
        const run = start({ node, env: { LISTEN: listen } });
        assert.deepEqual(await run.exited(), await plain.exited());
        assert.equal(run.stdout, plain.stdout);
        assert.match(run.stdout, /error EADDRINUSE listen/);
        assert.deepEqual(run.messages(), []);
        await new Promise((resolve) => other.close(resolve));
      }
    });

    test("a port that another process shares is busy too", { skip: !reuse }, async () => {
      const port = await freePort();
      const first = start({ node, env: { LISTEN: `${port}` } });
      await first.port(3);
      const second = start({ node, env: { LISTEN: `${port}` } });
      assert.deepEqual(await second.exited(), [3, null]);
      assert.match(second.stdout, /error EADDRINUSE/);
      await first.end();
    });

    test("a crash loop ends in one message and the server goes on", async () => {
      const run = start({ node, env: { CRASH: "peers" } });
      await until("the crash loop is told", () => run.notices("crash-loop").length > 0);
      const port = await run.port(1);
      const crashes = () => readFileSync(`${run.mark}-crashes`, "utf8").length;
      await until("each worker was tried three times", () => crashes() === 6);
      assert.equal(run.notices("crash-loop").length, 1);
      assert.ok(run.notices("peer-exit").length <= 1);
      assert.equal(Number(await get(port, "/")), run.pid);
      await run.end();
    });

    test("a worker that ends is replaced, and it is told", async () => {
      const run = start({ node, topology: "handle", workers: 2 });
      const port = await run.port(2);
      const [peer] = run.pids().filter((pid) => pid !== run.pid);
      process.kill(peer as number, "SIGKILL");
      await until("another worker listens", () => run.pids().length === 3);
      assert.match(run.notices("peer-exit")[0]?.text ?? "", /SIGKILL/);
      await distinct(port, 2);
      await run.end();
    });

    test("a worker sees nothing of us", async () => {
      const run = start({ node });
      const port = await run.port(3);
      const states = new Map<number, Record<string, unknown>>();
      await until("every worker tells its state", async () => {
        const answer = JSON.parse(await get(port, "/state?busy=5")) as Record<string, unknown>;
        states.set(Number(answer.pid), { ...answer, pid: 0 });
        return states.size === 3;
      });
      const first = states.get(run.pid);
      for (const state of states.values()) assert.deepEqual(state, first);
      assert.deepEqual(first?.keys, []);
      assert.equal(first?.send, "undefined");
      await run.end();
    });

    test("one worker is the plain server", async () => {
      const run = start({ node, workers: 1 });
      const port = await run.port(1);
      assert.equal(Number(await get(port, "/")), run.pid);
      assert.deepEqual(
        run.messages().map(({ type, topology }) => [type, topology]),
        [["listening", "single"]],
      );
      await run.end();
    });

    test("a blocked worker is no orphan either", async () => {
      const run = start({ node, workers: 2 });
      const port = await run.port(2);
      const [peer] = run.pids().filter((pid) => pid !== run.pid) as [number];
      await until("the peer is blocked", () => {
        get(port, `/block?only=${peer}`).catch(() => {});
        return existsSync(`${run.mark}-blocked`);
      });
      run.child.kill("SIGKILL");
      await run.allGone();
      assert.equal(isAlive(peer), false);
    });
  });
}
