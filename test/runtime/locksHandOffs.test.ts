// Locks of the program's own: that they are found, with their lines, and that nothing the program sees changes.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Measured } from "./locks/harness.ts";
import { lineOf, nodeVersions, Workshop } from "./locks/run.ts";

const SERVE = `
const { createServer, request } = require("node:http");
const { setTimeout: sleep } = require("node:timers/promises");
function serve(work, clients, millis, done) {
  const server = createServer((_request, response) => {
    work().then(() => response.end("ok"));
  }).listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    const until = performance.now() + millis;
    let running = clients;
    const ask = (agent) => {
      request({ port, host: "127.0.0.1", agent }, (answer) => {
        answer.resume().once("end", () => {
          if (performance.now() < until) return ask(agent);
          agent.destroy();
          if (--running === 0) server.close(done);
        });
      }).end();
    };
    const { Agent } = require("node:http");
    for (let n = 0; n < clients; n++) ask(new Agent({ keepAlive: true, maxSockets: 1 }));
  });
}`;

const MUTEX = `${SERVE}
class Mutex {
  locked = false;
  queue = [];
  acquire() {
    if (this.locked) return new Promise((resolve) => this.queue.push(resolve));
    this.locked = true;
    return Promise.resolve();
  }
  release() {
    const next = this.queue.shift();
    if (next) next();
    else this.locked = false;
  }
}
const mutex = new Mutex();
let waits = 0;
let micros = 0;
async function pay() {
  const asked = performance.now();
  await mutex.acquire(); //@waiter
  const waited = performance.now() - asked;
  if (waited >= 1) { waits++; micros += waited * 1000; }
  await sleep(3);
  mutex.release(); //@holder
}
serve(pay, 6, 6000, () => {
  setTimeout(() => console.log(JSON.stringify({
    waits, micros, measured: locks.cut(), faults: locks.faults, notices: locks.notices,
  })), 400);
});`;

/** Everything that promise hooks could disturb, as text. */
const BEHAVIOUR = `
const { AsyncLocalStorage, createHook, executionAsyncId, AsyncResource } = require("node:async_hooks");
const { promiseHooks } = require("node:v8");
const seen = [];
const say = (word) => seen.push(word);
const storage = new AsyncLocalStorage();
process.on("unhandledRejection", (reason) => say("unhandled " + reason));
process.on("rejectionHandled", () => say("handled late"));
let promises = 0;
const hook = createHook({ init(id, type) { if (type === "PROMISE") promises++; } });
const { createServer, get } = require("node:http");
let own = 0;
let stop = null;
const server = createServer((_request, response) => {
  storage.run("store", async () => {
    hook.enable();
    stop = promiseHooks.onInit(() => { own++; });
    const before = promises;
    const ownBefore = own;
    setImmediate(() => say("immediate"));
    process.nextTick(() => say("tick " + storage.getStore()));
    queueMicrotask(() => say("microtask " + storage.getStore()));
    const failing = Promise.reject("late");
    Promise.reject("never");
    Promise.resolve({ then(done) { say("thenable"); done(1); } }).then(() => say("after thenable"));
    await null;
    say("awaited " + storage.getStore());
    const [a, b] = await Promise.all([1, Promise.resolve(2)]);
    say("all " + (a + b));
    await Promise.race([new Promise((done) => setTimeout(done, 5)), new Promise(() => {})]);
    say("promises " + (promises - before) + " " + (own - ownBefore));
    hook.disable();
    stop();
    await new Promise((done) => setTimeout(done, 20));
    failing.catch(() => say("caught"));
    await new Promise((done) => setTimeout(done, 20));
    // Before Node 24 every AsyncLocalStorage puts a symbol on promises: the requests' context as well.
    if (Number.parseInt(process.versions.node) >= 24) say(String(Object.getOwnPropertySymbols(Promise.resolve()).length) + Reflect.ownKeys(new Promise(() => {})).length);
    response.end();
  });
}).listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  const ask = () => new Promise((done) => get({ port, host: "127.0.0.1" }, (answer) => answer.resume().once("end", done)));
  // Long enough that windows of the probe are open in many of them.
  for (let n = 0; n < 40; n++) await ask();
  server.close();
  console.log(JSON.stringify(seen));
});`;

interface Mutexes {
  readonly waits: number;
  readonly micros: number;
  readonly measured: readonly Measured[];
  readonly faults: readonly string[];
  readonly notices: readonly string[];
}

describe("Hand-offs between requests", () => {
  const workshop = new Workshop();

  for (const node of nodeVersions()) {
    it(`Node ${node.major}: a mutex of the program's own`, async (test) => {
      const result = await workshop.run<Mutexes>(node, "cjs", MUTEX, { requests: true });
      assert.deepEqual(result.faults, []);
      const found = result.measured.find(({ callee }) => callee === "Promise");
      if (node.major < 24) {
        assert.match(result.notices.join("\n"), /does not know by name/);
        assert.equal(found, undefined);
        return;
      }
      assert.ok(found !== undefined);
      assert.equal(found.kind, "promise wait");
      test.diagnostic(
        `${found.count.toFixed(0)} waits of ${result.waits}, ${(found.micros / result.micros).toFixed(2)}`,
      );
      assert.ok(Math.abs(found.micros / result.micros - 1) < 0.4, `${found.micros} of ${result.micros} µs`);
      const mean = found.micros / found.count / (result.micros / result.waits);
      assert.ok(Math.abs(mean - 1) < 0.3, `a wait is ${mean} of what it was`);
      const right = found.sites.filter(
        ({ waiter, holder }) => waiter === lineOf(MUTEX, "waiter") && holder === lineOf(MUTEX, "holder"),
      );
      const samples = found.sites.reduce((sum, site) => sum + site.samples, 0);
      assert.ok(samples > 20, `${samples} samples`);
      assert.ok(right.reduce((sum, site) => sum + site.samples, 0) >= samples * 0.98);
    });

    it(`Node ${node.major}: promises, contexts and hooks of the program are as without`, async () => {
      const without = await workshop.run<string[]>(node, "cjs", BEHAVIOUR, { probes: false });
      const within = await workshop.run<string[]>(node, "cjs", BEHAVIOUR, { requests: true });
      assert.deepEqual(within, without);
    });
  }
});
