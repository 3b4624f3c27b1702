// Waits of work that no request waits for are told apart from contention: a handler's that has answered, a timer's. Known by
// construction: of each lock one wait of a request, and two of nobody's.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertWithin, nodeVersions, programOf, type Told, type Truth, Workshop } from "./locks/run.ts";

const IMPORTS = `
import { once } from "node:events";
import fs from "node:fs";
import { Agent, createServer, get } from "node:http";
import AsyncLock from "async-lock";
import { Mutex, withTimeout } from "async-mutex";
import { Sema } from "async-sema";
import Bottleneck from "bottleneck";
import genericPool from "generic-pool";
import pLimit from "p-limit";
import PQueue from "p-queue";
`;
/** Each runs one task at a time. */
const ONE_AT_A_TIME = `
  const mutex = new Mutex();
  const lock = new AsyncLock();
  const sema = new Sema(1);
  const limiter = new Bottleneck({ maxConcurrent: 1 });
  const limit = pLimit(1);
  const queue = new PQueue({ concurrency: 1 });
  const pool = genericPool.createPool({ create: async () => ({}), destroy: async () => {} }, { max: 1 });
  const upstreamTasks = [];
  const upstream = createServer(async (request, response) => {
    await upstreamTasks.shift()();
    response.end();
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const agent = new Agent({ maxSockets: 1, keepAlive: true });
  const ways = {
    "Mutex.runExclusive": (task) => mutex.runExclusive(task),
    "AsyncLock.acquire": (task) => lock.acquire("key", task),
    "Sema.acquire": async (task) => { await sema.acquire(); try { await task(); } finally { sema.release(); } },
    "Bottleneck.schedule": (task) => limiter.schedule(async () => task()),
    "p-limit": (task) => limit(task),
    "PQueue.add": (task) => queue.add(task),
    "Pool.acquire": async (task) => { const one = await pool.acquire(); try { await task(); } finally { await pool.release(one); } },
    "http.Agent": (task) => new Promise((done) => {
      upstreamTasks.push(task);
      get({ agent, port: upstream.address().port, host: "127.0.0.1" }, (answer) => answer.resume().once("end", done));
    }),
    ...(navigator.locks === undefined ? {} : { "navigator.locks.request": (task) => navigator.locks.request("name", task) }),
  };
  const web = createServer((request, response) => void handler(request, response)).listen(0, "127.0.0.1");
  await once(web, "listening");
  let handler;
  const ask = (by) => {
    handler = by;
    return new Promise((done) => get({ port: web.address().port, host: "127.0.0.1" }, (answer) => answer.resume().once("end", done)));
  };
  const close = () => { agent.destroy(); for (const server of [upstream, web]) { server.close(); server.closeAllConnections(); } };
`;
const EACH_WAY = `${ONE_AT_A_TIME}
  // Somebody holds it until \`until\` comes, and one more has to wait meanwhile.
  const contend = async (way, truth, until, answer) => {
    let free;
    const held = way(() => new Promise((done) => { free = done; }));
    const start = micros();
    const waiting = way(async () => {});
    const called = micros();
    answer?.();
    await until();
    truth[0] += micros() - called;
    free();
    await waiting;
    truth[1] += micros() - start;
    await held;
  };
  const told = {};
  await ask((request, response) => response.end());
  locks.cut();
  for (const [name, way] of Object.entries(ways)) {
    const truth = { exact: [0, 0], background: [0, 0] };
    // The first ones may be made, opened or looked at.
    await way(async () => {});
    await ask(async (request, response) => {
      await contend(way, truth.exact, () => hold(20));
      response.end();
    });
    let after;
    await ask((request, response) => {
      const finished = once(response, "finish").then(() => hold(20));
      after = contend(way, truth.background, () => finished, () => response.end());
    });
    await after;
    await contend(way, truth.background, () => hold(20));
    told[name] = { truth, measured: locks.cut().filter((each) => /^(?:pool )?wait$/.test(each.kind) && !/libuv/.test(each.callee)) };
  }
  close();
  return { told, faults: locks.faults };`;

/** Who waits gives up after 200 ms and answers; the holder goes on. */
const GIVES_UP = `${ONE_AT_A_TIME}
  const timed = withTimeout(mutex, 200);
  await ask((request, response) => response.end());
  const release = await mutex.acquire();
  locks.cut();
  // A timer counts from the beginning of its turn.
  const truth = [100_000, 200_000];
  await ask(async (request, response) => {
    await timed.acquire().catch(() => {});
    response.end();
  });
  release();
  await mutex.waitForUnlock();
  close();
  return { truth, measured: locks.cut(), faults: locks.faults };`;

/** The one before has answered when the next one's task waits for a second lock. */
const NESTED = `${ONE_AT_A_TIME}
  await ask((request, response) => response.end());
  locks.cut();
  const truth = [0, 0];
  let free;
  const inner = await mutex.acquire();
  let first;
  const second = new Promise((done) => { first = done; });
  const answers = ask(async (request, response) => {
    first();
    await queue.add(() => new Promise((then) => { free = then; }));
    response.once("finish", () => setImmediate(finished));
    response.end();
  });
  let finished;
  const isFinished = new Promise((then) => { finished = then; });
  await second;
  const waits = ask(async (request, response) => {
    const work = queue.add(async () => {
      const start = micros();
      const release = await mutex.acquire();
      truth[1] = micros() - start;
      release();
    });
    free();
    await work;
    response.end();
  });
  await isFinished;
  const from = micros();
  await hold(20);
  truth[0] = micros() - from;
  inner();
  await Promise.all([answers, waits]);
  close();
  return { truth, measured: locks.cut(), faults: locks.faults };`;

/** A server that is asked over HTTP now and then, and else by messages of its own protocol. */
const MESSAGES = `
  const mutex = new Mutex();
  const web = createServer((request, response) => response.end()).listen(0, "127.0.0.1");
  await once(web, "listening");
  await new Promise((done) => get({ port: web.address().port, host: "127.0.0.1" }, (answer) => answer.resume().once("end", done)));
  const truth = [0, 0];
  const server = net.createServer((socket) => socket.once("data", async () => {
    const held = await mutex.acquire();
    const start = micros();
    const waiting = mutex.acquire();
    const called = micros();
    await hold(20);
    truth[0] += micros() - called;
    held();
    const release = await waiting;
    truth[1] += micros() - start;
    release();
    socket.end("done");
  })).listen(0, "127.0.0.1");
  await once(server, "listening");
  locks.cut();
  const client = net.connect(server.address().port, "127.0.0.1");
  client.write("do it");
  await once(client.resume(), "close");
  for (const each of [server, web]) each.close();
  web.closeAllConnections();
  return { truth, measured: locks.cut(), faults: locks.faults };`;

interface ToldByWay {
  readonly told: Readonly<Record<string, { truth: Record<string, Truth>; measured: Told["measured"] }>>;
  readonly faults: readonly string[];
}

const workshop = new Workshop();

function assertOneExact(measured: Told["measured"], truth: Truth): void {
  const waits = measured.filter(({ callee }) => callee === "Mutex.acquire");
  assert.deepEqual(
    waits.map(({ basis, count }) => [basis, count]),
    [["exact", 1]],
  );
  assertWithin(waits[0]?.micros ?? 0, truth);
}

for (const node of nodeVersions().filter(({ major }) => major >= 24))
  describe(`waits of nobody's, Node ${node.major}`, () => {
    it("tells them from a request's, of each lock", async () => {
      const source = programOf(IMPORTS, EACH_WAY);
      const { told, faults } = await workshop.run<ToldByWay>(node, "mjs", source, { requests: true });
      assert.deepEqual(faults, []);
      for (const [name, { truth, measured }] of Object.entries(told)) {
        const counts = measured.map(({ callee, basis, count }) => `${callee} ${basis} ${count}`);
        assert.deepEqual(counts.sort(), [`${name} background 2`, `${name} exact 1`]);
        for (const { basis, micros } of measured) assertWithin(micros, truth[basis] as Truth);
      }
    });

    it("knows whose task it is, whoever starts it", async () => {
      const source = programOf(IMPORTS, NESTED);
      const { truth, measured, faults } = await workshop.run<Told>(node, "mjs", source, { requests: true });
      assert.deepEqual(faults, []);
      assertOneExact(measured, truth);
    });

    it("knows that a request waited that has given up and answered since", async () => {
      const source = programOf(IMPORTS, GIVES_UP);
      const { truth, measured, faults } = await workshop.run<Told>(node, "mjs", source, { requests: true });
      assert.deepEqual(faults, []);
      assertOneExact(measured, truth);
    });

    it("takes none for it that a message may wait for", async () => {
      const source = programOf(`${IMPORTS}import net from "node:net";`, MESSAGES);
      const { truth, measured, faults } = await workshop.run<Told>(node, "mjs", source, { requests: true });
      assert.deepEqual(faults, []);
      assertOneExact(measured, truth);
    });
  });

describe("where it is not known which request runs", () => {
  const PLAIN = `
    const { once } = require("node:events");
    const { createServer, get } = require("node:http");
    const { Mutex } = require("async-mutex");
    const mutex = new Mutex();
    const server = createServer((request, response) => response.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    await new Promise((done) => get({ port: server.address().port, host: "127.0.0.1" }, (answer) => answer.resume().once("end", done)));
    const release = await mutex.acquire();
    const waiting = mutex.runExclusive(async () => {});
    await hold(10);
    release();
    await waiting;
    server.close();
    server.closeAllConnections();
    return locks.cut();`;
  for (const node of nodeVersions().filter(({ major }) => major < 24))
    it(`all is contention, Node ${node.major}`, async () => {
      const measured = await workshop.run<Told["measured"]>(node, "cjs", programOf("", PLAIN), {
        requests: true,
      });
      assert.deepEqual(
        measured.map(({ callee, basis, count }) => [callee, basis, count]),
        [["Mutex.runExclusive", "exact", 1]],
      );
    });
});
