// Web Locks: known waits by construction on the Nodes that have them, nothing to miss on the others.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertWithin, find, lineOf, linesOf, nodeVersions, type Told, Workshop } from "./locks/run.ts";

const COMMON = `
const { Worker, isMainThread, parentPort } = require("node:worker_threads");
const hold = (millis) => new Promise((done) => setTimeout(done, millis));
const micros = () => performance.now() * 1000;
const tell = (truth) => ({ truth, measured: locks.cut(), faults: locks.faults });
const finish = (told) => console.log(JSON.stringify(told));
`;
const nodes = nodeVersions();
const workshop = new Workshop();

for (const node of nodes.filter(({ major }) => major < 24))
  describe(`Web Locks, Node ${node.major}`, () => {
    it("has none, and misses nothing", async () => {
      const source =
        "console.log(JSON.stringify([typeof navigator?.locks, locks.unavailable.filter((why) => why.startsWith('locks.web')), locks.faults]));";
      assert.deepEqual(await workshop.run(node, "cjs", `globalThis.navigator ??= undefined;${source}`), [
        "undefined",
        [],
        [],
      ]);
    });
  });

for (const node of nodes.filter(({ major }) => major >= 24))
  describe(`Web Locks, Node ${node.major}`, () => {
    it("measures waits, with the previous runner as the holder", async () => {
      const source = `${COMMON}
        (async () => {
          const truth = [0, 0];
          let ended = 0;
          for (let i = 0; i < 30; i++) {
            const name = "stock " + (i % 3);
            const first = navigator.locks.request(name, () => hold(20).then(() => { ended = micros(); })); //@holder
            const start = micros();
            const second = navigator.locks.request(name, { mode: "exclusive" }, async () => { truth[1] += micros() - start; }); //@waiter
            const called = micros();
            await Promise.all([first, second]);
            truth[0] += ended - called;
          }
          finish(tell(truth));
        })();`;
      const { truth, measured, faults } = await workshop.run<Told>(node, "cjs", source);
      assert.deepEqual(faults, []);
      const waits = find(measured, "navigator.locks.request");
      assert.equal(waits.count, 30);
      assertWithin(waits.micros, truth);
      assert.deepEqual(linesOf(waits), [[lineOf(source, "waiter"), lineOf(source, "holder"), 30]]);
    });

    it("counts an aborted wait until its abort, and none that finds the lock free", async () => {
      const source = `${COMMON}
        (async () => {
          const truth = [0, 0];
          for (let i = 0; i < 100; i++) await navigator.locks.request("free" + (i % 2), { ifAvailable: i % 3 === 0 }, () => i);
          const abort = new AbortController();
          let free;
          const held = navigator.locks.request("held", () => new Promise((done) => { free = done; }));
          const start = micros();
          const wait = navigator.locks.request("held", { signal: abort.signal }, () => {}).catch((error) => error.name);
          const called = micros();
          await hold(50);
          truth[0] = micros() - called;
          abort.abort();
          truth[1] = micros() - start;
          if ((await wait) !== "AbortError") throw new Error("not aborted");
          await hold(100);
          free();
          await held;
          finish(tell(truth));
        })();`;
      const { truth, measured, faults } = await workshop.run<Told>(node, "cjs", source);
      assert.deepEqual(faults, []);
      const waits = find(measured, "navigator.locks.request");
      assert.equal(waits.count, 1);
      assertWithin(waits.micros, truth);
    });

    it("measures a wait for another thread's lock, holder unknown", async () => {
      const source = `${COMMON}
        if (isMainThread) {
          const worker = new Worker(__filename);
          worker.once("message", () => {
            const start = micros();
            navigator.locks.request("shared", () => finish(tell([29_000, micros() - start]))); //@waiter
            worker.postMessage("let go");
          });
        } else
          navigator.locks.request("shared", () => new Promise((done) => {
            parentPort.postMessage("held");
            parentPort.once("message", () => setTimeout(done, 30));
          }));`;
      const { truth, measured } = await workshop.run<Told>(node, "cjs", source);
      const waits = find(measured, "navigator.locks.request");
      assert.equal(waits.count, 1);
      assertWithin(waits.micros, truth);
      assert.deepEqual(linesOf(waits), [[lineOf(source, "waiter"), null, 1]]);
    });

    it("changes nothing that a program can see", async () => {
      const source = `${COMMON}
        (async () => {
          const seen = [];
          process.on("unhandledRejection", (error) => seen.push("unhandled " + error.message));
          const { request } = Object.getPrototypeOf(navigator.locks);
          seen.push(request.name, request.length, Object.getOwnPropertyNames(request));
          const { locks: manager } = navigator;
          const trial = (...args) => manager.request(...args).then((v) => ["ok", v], (e) => [e.name, e.message]);
          seen.push(await trial("a", (lock) => [lock.name, lock.mode]), await trial("thrown", () => { throw new Error("no"); }));
          seen.push(await trial("a"), await trial(), await trial("-a", () => 1), await trial("a", {}, 5), await trial("a", { mode: "odd" }, () => 1));
          seen.push(await trial("a", { mode: "shared" }, (lock) => lock.mode), await trial("a", { steal: true, ifAvailable: true }, () => 1));
          seen.push(await trial("a", { signal: AbortSignal.abort() }, () => 1), await trial("a", null, () => 2), await trial(7, (lock) => lock.name));
          manager.request("a", async () => { throw new Error("nobody looks"); });
          let thenables = 0;
          seen.push(await trial("a", () => ({ then(done) { thenables++; done("thenable"); } })), thenables);
          const held = trial("b", () => hold(5));
          const order = [1, 2, 3].map((i) => trial("b", () => { seen.push(i); return i; }));
          const stolen = await trial("b", { ifAvailable: true }, (lock) => lock);
          seen.push(stolen, await held, await Promise.all(order), (await manager.query()).held.length);
          await hold(1);
          finish(seen);
        })();`;
      const plain = await workshop.run<unknown[]>(node, "cjs", source, { probes: false });
      assert.ok(JSON.stringify(plain).includes("unhandled nobody"));
      assert.deepEqual(await workshop.run<unknown[]>(node, "cjs", source), plain);
    });
  });
