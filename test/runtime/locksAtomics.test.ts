// Atomics.wait and waitAsync: known waits by construction, also in worker threads, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Measured } from "./locks/harness.ts";
import { assertWithin, find, lineOf, linesOf, nodeVersions, type Told, Workshop } from "./locks/run.ts";

const COMMON = `
const { Worker, isMainThread, workerData, parentPort } = require("node:worker_threads");
const hold = (millis) => new Promise((done) => setTimeout(done, millis));
const micros = () => performance.now() * 1000;
const tell = (truth) => ({ truth, measured: locks.cut(), faults: locks.faults });
const finish = (told) => { clearInterval(alive); console.log(JSON.stringify(told)); };
// A wait that is not for the loop does not keep the process alive.
const alive = setInterval(() => {}, 1000);
`;
const nodes = nodeVersions();
const workshop = new Workshop();

for (const node of nodes)
  describe(`Atomics, Node ${node.major}`, () => {
    it("measures waits, on the line that waits", async () => {
      const source = `${COMMON}
        const cells = new Int32Array(new SharedArrayBuffer(8));
        const truth = [20 * 10_000 + 50_000, 0];
        const timed = (wait) => { const start = micros(); wait(); truth[1] += micros() - start; };
        for (let i = 0; i < 20; i++) timed(() => Atomics.wait(cells, 0, 0, 10)); //@often
        timed(() => Atomics.wait(cells, 1, 0, 50)); //@once
        Atomics.wait(cells, 0, 1); Atomics.wait(cells, 0, 0, 0);
        finish(tell(truth));`;
      const { truth, measured, faults } = await workshop.run<Told>(node, "cjs", source);
      assert.deepEqual(faults, []);
      const waits = find(measured, "Atomics.wait");
      assert.equal(waits.count, 21);
      assertWithin(waits.micros, truth);
      assert.deepEqual(linesOf(waits), [
        [lineOf(source, "often"), null, 20],
        [lineOf(source, "once"), null, 1],
      ]);
    });

    it("measures them in worker threads", async () => {
      const source = `${COMMON}
        if (isMainThread) {
          const shared = new SharedArrayBuffer(8);
          const worker = new Worker(__filename, { workerData: shared });
          worker.on("message", (told) => finish({ ...told, mine: locks.cut() }));
        } else {
          const cells = new Int32Array(workerData);
          const start = micros();
          Atomics.wait(cells, 0, 0, 30); //@waiter
          parentPort.postMessage(tell([30_000, micros() - start]));
          clearInterval(alive);
        }`;
      const told = await workshop.run<Told & { mine: Measured[] }>(node, "cjs", source);
      const waits = find(told.measured, "Atomics.wait");
      assert.deepEqual([waits.count, waits.basis], [1, "background"]);
      assertWithin(waits.micros, told.truth);
      assert.deepEqual(linesOf(waits), [[lineOf(source, "waiter"), null, 1]]);
      assert.deepEqual(told.mine, []);
    });

    it("takes none of a thread without requests for contention, and all of one that has had some", async () => {
      const source = `${COMMON}
        const { createServer, get } = require("node:http");
        const { once } = require("node:events");
        if (isMainThread) {
          const worker = new Worker(__filename);
          worker.on("message", (told) => {
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
            finish([...told, locks.cut()]);
          });
        } else void (async () => {
          const cells = new Int32Array(new SharedArrayBuffer(4));
          const both = async () => {
            Atomics.wait(cells, 0, 0, 5);
            await Atomics.waitAsync(cells, 0, 0, 5).value;
          };
          await both();
          const idle = locks.cut();
          const server = createServer((request, response) => both().then(() => response.end())).listen(0, "127.0.0.1");
          await once(server, "listening");
          await new Promise((done) => get({ port: server.address().port, host: "127.0.0.1" }, (answer) => answer.resume().once("end", done)));
          parentPort.postMessage([idle, locks.cut()]);
          clearInterval(alive);
          server.close();
          server.closeAllConnections();
        })();`;
      const told = await workshop.run<Measured[][]>(node, "cjs", source, { requests: true });
      const seen = told.map((measured) =>
        measured
          .filter(({ kind }) => kind === "wait")
          .map(({ callee, basis, count }) => [callee, basis, count]),
      );
      assert.deepEqual(seen, [
        [
          ["Atomics.wait", "background", 1],
          ["Atomics.waitAsync", "background", 1],
        ],
        [
          ["Atomics.wait", "exact", 1],
          ["Atomics.waitAsync", "exact", 1],
        ],
        [["Atomics.wait", "exact", 1]],
      ]);
    });

    it("knows the line of another thread that ends a wait", async () => {
      const source = `${COMMON}
        const ROUNDS = 40;
        if (isMainThread) {
          const cells = new Int32Array(new SharedArrayBuffer(64));
          const worker = new Worker(__filename, { workerData: cells });
          worker.on("online", () => {
            for (let i = 1; i <= ROUNDS; i++) {
              const end = micros() + 4_000;
              while (micros() < end);
              Atomics.store(cells, 3, i);
              Atomics.notify(cells, 3); //@notifier
              while (Atomics.load(cells, 5) < i);
            }
          });
          worker.on("message", finish);
        } else {
          const cells = workerData;
          void (async () => {
            for (let i = 1; i <= ROUNDS; i++) {
              if (i % 2 === 0) while (Atomics.wait(cells, 3, i - 1) === "not-equal" && Atomics.load(cells, 3) < i); //@waiter
              else if (Atomics.load(cells, 3) < i) await Atomics.waitAsync(cells, 3, i - 1).value; //@later
              Atomics.store(cells, 5, i);
            }
            parentPort.postMessage(tell([0, 0]));
            clearInterval(alive);
          })();
        }`;
      const { measured, faults } = await workshop.run<Told>(node, "cjs", source);
      assert.deepEqual(faults, []);
      const notifier = lineOf(source, "notifier");
      for (const [callee, mark] of [
        ["Atomics.wait", "waiter"],
        ["Atomics.waitAsync", "later"],
      ] as const) {
        const lines = linesOf(find(measured, callee));
        const [[waiter, holder, count] = []] = lines;
        assert.deepEqual([waiter, holder], [lineOf(source, mark), notifier]);
        // A wait that began while its notification was under way may miss it.
        assert.ok((count ?? 0) >= 17, JSON.stringify(lines));
        for (const [, other] of lines) assert.ok(other === notifier || other === null);
      }
    });

    it("measures waitAsync, with who notified on the same thread", async () => {
      const source = `${COMMON}
        (async () => {
          const cells = new Int32Array(new SharedArrayBuffer(16), 4);
          const truth = [0, 0];
          for (let i = 0; i < 10; i++) {
            const begun = micros();
            const first = Atomics.waitAsync(cells, 1, 0).value.then(() => { truth[1] += micros() - begun; }); //@first
            const called = micros();
            const start = micros();
            const other = Atomics.waitAsync(cells, 0, 0, 40).value.then(() => { truth[1] += micros() - start; }); //@other
            await hold(20);
            truth[0] += micros() - called + 40_000;
            Atomics.notify(cells, 1, 1); //@notifier
            await first;
            await other;
          }
          if (Atomics.waitAsync(cells, 0, 7).value !== "not-equal") throw new Error("waited");
          finish(tell(truth));
        })();`;
      const { truth, measured, faults } = await workshop.run<Told>(node, "cjs", source);
      assert.deepEqual(faults, []);
      const waits = find(measured, "Atomics.waitAsync");
      assert.equal(waits.count, 20);
      assertWithin(waits.micros, truth);
      assert.deepEqual(
        linesOf(waits).sort(),
        [
          [lineOf(source, "first"), lineOf(source, "notifier"), 10],
          [lineOf(source, "other"), null, 10],
        ].sort(),
      );
    });

    it("changes nothing that a program can see", async () => {
      const source = `${COMMON}
        (async () => {
          const seen = [];
          const trial = (f) => { try { return f(); } catch (error) { return error.name + error.message; } };
          for (const key of Reflect.ownKeys(Atomics)) {
            const { value, ...how } = Object.getOwnPropertyDescriptor(Atomics, key);
            seen.push(String(key), how, value.name, value.length, Object.getOwnPropertyNames(value).sort());
          }
          seen.push(trial(() => new Atomics.wait()), trial(() => Atomics.wait()), trial(() => Atomics.wait([], 0, 0)));
          const cells = new Int32Array(new SharedArrayBuffer(8));
          const wide = new BigInt64Array(new SharedArrayBuffer(8));
          seen.push(trial(() => Atomics.wait(cells, 9, 0)), Atomics.wait(cells, 0, 0, 1), Atomics.wait(wide, 0, 0n, 1), Atomics.wait(cells, "0", 1));
          seen.push(Atomics.notify(cells, 0), Atomics.notify(new Int32Array(1), 0), trial(() => Atomics.notify(cells, -1)));
          seen.push(Atomics.waitAsync(cells, 0, 1), Object.keys(Atomics.waitAsync(cells, 0, 0, 1)));
          seen.push(await Atomics.waitAsync(cells, 0, 0, 1).value);
          let converted = 0;
          const odd = { valueOf: () => { converted++; return 0; } };
          seen.push(Atomics.wait(cells, odd, odd, odd), Atomics.notify(cells, odd), converted);
          finish(seen);
        })();`;
      const plain = await workshop.run<unknown[]>(node, "cjs", source, { probes: false });
      assert.deepEqual(await workshop.run<unknown[]>(node, "cjs", source), plain);
    });
  });
